import { fileURLToPath } from "node:url";
import { build, type Plugin } from "vite";

const folder = fileURLToPath(new URL("../packages/react/", import.meta.url));

/** A page of the React package, as the browser gets it. */
export interface BundledPage {
  readonly script: string;
  readonly styles: string;
}

/**
 * Builds a page's development build as one script, so that StrictMode does what it is there for.
 * @param entry a file of the React package, or the text of one
 */
export async function bundlePage(entry: string | { readonly text: string }): Promise<BundledPage> {
  const output = await build({
    root: folder,
    configFile: false,
    logLevel: "error",
    mode: "development",
    define: { "process.env.NODE_ENV": '"development"' },
    plugins: typeof entry === "string" ? [] : [textAsFile(entry.text)],
    build: {
      write: false,
      minify: false,
      lib: {
        entry: typeof entry === "string" ? entry : textFile,
        formats: ["iife"],
        name: "page",
        cssFileName: "page",
      },
    },
  });
  const [bundle] = Array.isArray(output) ? output : [output];
  if (bundle === undefined || !("output" in bundle)) throw new Error("nothing was built");
  const code = bundle.output[0].code.replaceAll("</script", "<\\/script");
  const styles = bundle.output.flatMap((file) =>
    file.type === "asset" && file.fileName.endsWith(".css") ? [String(file.source)] : [],
  );
  return {
    script: `addEventListener("DOMContentLoaded", () => {${code}});`,
    styles: styles.join("\n"),
  };
}

/** The whole document around it. */
export function documentOf({ script, styles }: BundledPage): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="color-scheme" content="light dark"><meta name="viewport" content="width=device-width">
<title>Book</title><style>
body { font: 16px/1.5 sans-serif; color: light-dark(#1f2328, #e6edf3); background: light-dark(#fff, #0d1117) }
${styles}</style><script>${script}</script></head><body></body></html>`;
}

const textFile = `${folder}pasted.tsx`;

function textAsFile(text: string): Plugin {
  return {
    name: "text-as-file",
    resolveId: (id) => (id === textFile ? id : null),
    load: (id) => (id === textFile ? text : null),
  };
}
