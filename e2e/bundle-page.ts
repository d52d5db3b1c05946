import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, type InlineConfig, type Plugin } from "vite";

const folder = fileURLToPath(new URL("../packages/react/", import.meta.url));

/** The major versions that the package works with. */
export type ReactVersion = 18 | 19;

/** A page of the React package, as the browser gets it. */
export interface BundledPage {
  readonly script: string;
  readonly styles: string;
}

/**
 * Builds a page's development build as one script, so that StrictMode does what it is there for. It
 * runs when the document is read.
 * @param entry a file of the React package, or the text of one
 * @param react which React it is built with
 */
export async function bundlePage(
  entry: string | { readonly text: string },
  react: ReactVersion = 19,
): Promise<BundledPage> {
  const { code, styles } = await buildScript(entry, react);
  const escaped = code.replaceAll("</script", "<\\/script");
  return { script: `addEventListener("DOMContentLoaded", () => {${escaped}});`, styles };
}

/** Builds a script's text as one file, which runs at once: for an address of its own, or a worker. */
export async function bundleScript(text: string): Promise<string> {
  return (await buildScript({ text }, 19)).code;
}

/** Builds a program's text as one module, which needs no package: for any Node that the packages work with. */
export async function bundleProgram(text: string): Promise<string> {
  const output = await build({
    ...settingsFor(19),
    plugins: [textAsFile(text)],
    ssr: { noExternal: true, target: "node" },
    build: { write: false, ssr: textFile, target: "node20", minify: false },
  });
  return bundleOf(output)[0].code;
}

async function buildScript(
  entry: string | { readonly text: string },
  react: ReactVersion,
): Promise<{ readonly code: string; readonly styles: string }> {
  const output = await build({
    ...settingsFor(react),
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
  const files = bundleOf(output);
  const styles = files.flatMap((file) =>
    file.type === "asset" && file.fileName.endsWith(".css") ? [String(file.source)] : [],
  );
  return { code: files[0].code, styles: styles.join("\n") };
}

/**
 * Renders on a server what a module of the React package exports as `render`.
 * @param entry a file of the React package
 */
export async function renderOnServer(entry: string, react: ReactVersion): Promise<string> {
  const output = await build({
    ...settingsFor(react),
    ssr: { noExternal: true, target: "node" },
    build: { write: false, ssr: entry, minify: false },
  });
  const place = mkdtempSync(join(tmpdir(), "slotwire-page-"));
  try {
    const file = join(place, "page.mjs");
    writeFileSync(file, bundleOf(output)[0].code);
    const module = (await import(pathToFileURL(file).href)) as { render: () => string };
    return module.render();
  } finally {
    rmSync(place, { recursive: true });
  }
}

/** The files of the one bundle that was built, the program first. */
function bundleOf(output: Awaited<ReturnType<typeof build>>) {
  const [bundle] = Array.isArray(output) ? output : [output];
  if (bundle === undefined || !("output" in bundle)) throw new Error("nothing was built");
  return bundle.output;
}

/** What every page is built with. The oldest React that the package works with has a folder of its own. */
function settingsFor(react: ReactVersion): InlineConfig {
  const oldest = fileURLToPath(new URL("react-18/node_modules/", import.meta.url));
  return {
    root: folder,
    configFile: false,
    logLevel: "error",
    mode: "development",
    resolve: {
      alias: react === 19 ? {} : { react: `${oldest}react`, "react-dom": `${oldest}react-dom` },
    },
  };
}

/** The whole document around it, with what a server has rendered. */
export function documentOf({ script, styles }: BundledPage, body = ""): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="color-scheme" content="light dark"><meta name="viewport" content="width=device-width">
<title>Book</title><style>
body { font: 16px/1.5 sans-serif; color: light-dark(#1f2328, #e6edf3); background: light-dark(#fff, #0d1117) }
${styles}</style><script>${script}</script></head><body>${body}</body></html>`;
}

const textFile = `${folder}pasted.tsx`;

function textAsFile(text: string): Plugin {
  return {
    name: "text-as-file",
    resolveId: (id) => (id === textFile ? id : null),
    load: (id) => (id === textFile ? text : null),
  };
}
