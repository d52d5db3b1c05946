import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { build } from "vite";
import { answering, type FlakyCrm, openFlakyCrm } from "../packages/client/test/flaky-crm.ts";
import { machinePath, root } from "./toolbox.mjs";

const MINUTE = 60_000;
const packages = ["contract", "client", "react"];
/** What a project has beside our packages. It comes from here, since there may be no network. */
const others = ["zod", "react", "react-dom", "@types/react", "@types/react-dom", "@types/node"];

/** A project of somebody else's, away from the repository, with the packages installed. */
let site: string;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "slotwire-packages-"));
  site = join(folder, "site");
  await mkdir(site);
  const out = join(folder, "out");
  await run(process.execPath, [join(root, "scripts", "build-packages.mjs"), "--out", out]);
  await writeFile(join(site, "package.json"), '{"private":true,"type":"module"}');
  const tarballs = (await readdir(out)).filter((name) => name.endsWith(".tgz"));
  const places = [
    ...tarballs.map((name) => join(out, name)),
    ...others.map((name) => join(root, "node_modules", name)),
  ];
  const quietly = ["--no-audit", "--no-fund", "--no-update-notifier", "--ignore-scripts"];
  const alone = ["--offline", "--cache", join(folder, "cache")];
  await run("npm", ["install", ...alone, ...quietly, ...places]);
}, 3 * MINUTE);
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number;
  readonly output: string;
}

/** Runs a program in the project, with nothing of this process's environment. */
async function run(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { code, output } = await ended(program, args, env);
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${output}`);
  return output;
}

function ended(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const options = { cwd: site, env: { PATH: machinePath(), HOME: folder, ...env } };
  return new Promise((resolve) => {
    execFile(program, args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : Number(error.code ?? 1);
      resolve({ code, output: error === null ? stdout : `${stdout}${stderr}${error.message}` });
    });
  });
}

const write = (file: string, text: string): Promise<void> => writeFile(join(site, file), text);

const installed = (name: string): string => join(site, "node_modules", "@slotwire", name);

describe("a package", () => {
  interface Manifest {
    readonly version: string;
    readonly private?: boolean;
    readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
    readonly dependencies: Readonly<Record<string, string>>;
  }
  const manifestOf = async (name: string): Promise<Manifest> =>
    JSON.parse(await readFile(join(installed(name), "package.json"), "utf8")) as Manifest;

  test.each(packages)("%s holds what its manifest names, and no sources", async (name) => {
    const { exports, private: isPrivate } = await manifestOf(name);
    const named = Object.values(exports).flatMap((one) =>
      typeof one === "string" ? [one] : Object.values(one),
    );
    for (const file of named) expect(existsSync(join(installed(name), file)), file).toBe(true);
    expect(isPrivate).toBeUndefined();
    const files = await readdir(installed(name), { recursive: true });
    expect(files.filter((file) => /(?<!\.d)\.tsx?$|\.test\./.test(file))).toEqual([]);
    expect(files).toEqual(expect.arrayContaining(["README.md", "LICENSE"]));
  });

  test("depends on the others of its own version, and on a range of anybody else's", async () => {
    const { version } = await manifestOf("contract");
    expect((await manifestOf("contract")).dependencies["zod"]).toMatch(/^\^\d/);
    for (const name of ["client", "react"]) {
      const { dependencies } = await manifestOf(name);
      expect(Object.keys(dependencies)).toContain("@slotwire/contract");
      expect(Object.values(dependencies).every((range) => range === version)).toBe(true);
    }
  });

  test.each(packages)("%s tells its readers of no file that it does not hold", async (name) => {
    expect(await readFile(join(installed(name), "README.md"), "utf8")).not.toContain("](../");
  });
});

describe.each([
  ["the repository's Node", process.execPath],
  ["the machine's Node", "node"],
])("on %s", (_which, node) => {
  const sendScript = `
    import { sendBookingToCRM } from "@slotwire/client/node";
    const result = await sendBookingToCRM({
      bookingId: "b-1", eventType: "workshop", name: "Test Person", email: "test@example.com",
      scheduledDate: "2031-05-15T10:00:00Z", duration: 60, createdAt: "2026-01-02T08:00:00.000Z",
    });
    console.log(JSON.stringify(result));`;
  const resumeScript = `
    import { resumeSendingToCRM } from "@slotwire/client/node";
    console.log(await resumeSendingToCRM());`;
  const importScript = `
    import { createClient } from "@slotwire/client";
    import { bookingSchema } from "@slotwire/contract";
    import { ConnectionBadge } from "@slotwire/react";
    import { createElement } from "react";
    import { renderToString } from "react-dom/server";
    const client = createClient({ baseUrl: "http://127.0.0.1:9" });
    console.log(bookingSchema.safeParse({}).success);
    console.log(renderToString(createElement(ConnectionBadge, { client })));`;

  let crm: FlakyCrm;
  beforeEach(async () => {
    crm = await openFlakyCrm();
  });
  afterEach(() => crm.close());

  test(
    "a booking that is refused at first arrives by the next process",
    async () => {
      await write("send.mjs", sendScript);
      await write("resume.mjs", resumeScript);
      const outbox = await mkdtemp(join(folder, "outbox-"));
      const env = {
        CRM_WEBHOOK_URL: crm.url,
        CRM_WEBHOOK_SECRET: "a secret of the tests",
        CRM_OUTBOX_DIR: outbox,
      };
      crm.behaviours = [answering(503, { error: "Later" })];
      const result: unknown = JSON.parse(await run(node, ["send.mjs"], env));
      expect(result).toMatchObject({ success: false, queued: true });
      expect(await run(node, ["resume.mjs"], env)).toBe("0\n");
      expect(crm.bodies).toHaveLength(2);
      expect(crm.bodies[1]).toBe(crm.bodies[0]);
      expect(await readdir(outbox)).toEqual([]);
    },
    MINUTE,
  );

  test(
    "schemas, client and components load, and render on a server",
    async () => {
      await write("import.mjs", importScript);
      const [parsed, html] = (await run(node, ["import.mjs"])).split("\n");
      expect(parsed).toBe("false");
      expect(html).toContain("Not connected");
    },
    MINUTE,
  );
});

test(
  "CommonJS requires the same module",
  async () => {
    await write(
      "require.mjs",
      `import { createRequire } from "node:module";
       import { sendBookingToCRM } from "@slotwire/client/node";
       const required = createRequire(import.meta.url)("@slotwire/client/node");
       console.log(required.sendBookingToCRM === sendBookingToCRM);`,
    );
    expect(await run(process.execPath, ["require.mjs"])).toBe("true\n");
  },
  MINUTE,
);

describe("the declarations", () => {
  const base = { strict: true, noEmit: true, target: "es2022", module: "nodenext" };

  /** Without `skipLibCheck`, so that what the declarations say themselves is checked as well. */
  async function check(texts: Readonly<Record<string, string>>, options: object): Promise<Ended> {
    const files = Object.keys(texts);
    const config = `${files[0]}.json`;
    for (const file of files) await write(file, texts[file] ?? "");
    await write(config, JSON.stringify({ compilerOptions: { ...base, ...options }, files }));
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    return ended(process.execPath, [tsc, "--pretty", "false", "-p", config]);
  }

  /** The examples of a package's documentation, which have to work when they are pasted. */
  async function examples(name: string, kind: "ts" | "tsx"): Promise<Record<string, string>> {
    const readme = await readFile(join(installed(name), "README.md"), "utf8");
    const found = [...readme.matchAll(/```(tsx?)\n([\s\S]*?)```/g)];
    const texts = found.flatMap(([, of, text = ""]) => (of === kind ? [text] : []));
    expect(texts.length).toBeGreaterThan(1);
    return Object.fromEntries(texts.map((text, no) => [`${name}-${no}.${kind}`, text]));
  }

  const server = `
    import { createClient, type SiteBooking } from "@slotwire/client";
    import { createFileOutbox, sendBookingToCRM } from "@slotwire/client/node";
    import { type BookingResource, bookingSchema } from "@slotwire/contract";
    export const outbox = createFileOutbox("outbox");
    export async function send(booking: SiteBooking): Promise<string> {
      const result = await sendBookingToCRM(booking, { outbox });
      // @ts-expect-error: a result is no text
      const text: string = result;
      if (!result.success) return result.queued ? result.error : text;
      return "lead" in result ? (result.lead?.title ?? "") : "stored";
    }
    export const parsed: BookingResource = bookingSchema.parse({});
    export const status: string = createClient().live.state.status;`;
  const page = `
    import { createClient, type SlotwireClient } from "@slotwire/client";
    import { ConnectionBadge, SlotwireProvider, useOrgBookingEvents } from "@slotwire/react";
    const client: SlotwireClient = createClient();
    export function Page() {
      const { events } = useOrgBookingEvents({ maxEvents: 20 });
      // @ts-expect-error: an event's description is text
      const count: number = events[0]?.description ?? "";
      return <SlotwireProvider client={client}><ConnectionBadge />{count}</SlotwireProvider>;
    }`;

  test(
    "say all that a server needs, and the examples for it",
    async () => {
      const texts = { "server.ts": server, ...(await examples("client", "ts")) };
      const options = { lib: ["es2023"], types: ["node"] };
      expect(await check(texts, options)).toEqual({ code: 0, output: "" });
    },
    MINUTE,
  );

  test(
    "say all that the examples for React need, style sheets too, where no bundler declares these",
    async () => {
      const options = { lib: ["es2023", "dom"], types: [], jsx: "react-jsx" };
      expect(await check(await examples("react", "tsx"), options)).toEqual({ code: 0, output: "" });
    },
    MINUTE,
  );

  test(
    "say all that a page needs, where there is nothing of Node",
    async () => {
      const bundled = { module: "preserve", moduleResolution: "bundler", jsx: "react-jsx" };
      const options = { ...bundled, lib: ["es2023", "dom"], types: [] };
      expect(await check({ "page.tsx": page }, options)).toEqual({ code: 0, output: "" });
    },
    MINUTE,
  );
});

test(
  "a bundler makes a page of client and components, without Node's modules or schemas",
  async () => {
    await write(
      "page.js",
      `import { createClient } from "@slotwire/client";
       import { CalComEmbedWithPrefill, ConnectionBadge } from "@slotwire/react";
       import "@slotwire/react/connection-badge.css";
       import "@slotwire/react/cal-com-embed-with-prefill.css";
       export { CalComEmbedWithPrefill, ConnectionBadge, createClient };`,
    );
    const output = await build({
      root: site,
      configFile: false,
      logLevel: "error",
      build: {
        write: false,
        minify: false,
        lib: { entry: "page.js", formats: ["es"], cssFileName: "page" },
      },
    });
    const [bundle] = Array.isArray(output) ? output : [output];
    if (bundle === undefined || !("output" in bundle)) throw new Error("nothing was built");
    const styles = bundle.output.filter(({ fileName }) => fileName.endsWith(".css"));
    expect(styles).toHaveLength(1);
    const [{ code, moduleIds }] = bundle.output;
    expect(code).toContain("sw-connection");
    expect(code).not.toMatch(/["']node:/);
    expect(moduleIds.filter((id) => /zod|contract/.test(id))).toEqual([]);
  },
  MINUTE,
);
