import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, request as ask, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { until } from "../apps/server/test/until.ts";
import { closePages, launchBrowser, openPage } from "./browser.ts";
import { bundleScript } from "./bundle-page.ts";
import { type DashboardHub, startDashboardHub } from "./dashboard-hub.ts";
import { answers, freePort } from "./hub-process.ts";

const guide = readFileSync(new URL("../docs/guides/api-keys.md", import.meta.url), "utf8");
const section = /^## Let a page follow bookings$(.*?)^## /msu.exec(guide)?.[1] ?? "";

/** The snippets of a language in the guide's section about pages, in their order. */
const snippets = (language: string): string[] =>
  [...section.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gmsu"))].map(
    ([, code]) => code ?? "",
  );
const [tokenServer = "", bookings = "", startWorker = ""] = snippets("js");
const [makeKey = ""] = snippets("sh");
const [element = ""] = snippets("html");

/** How a page exchanges its grant; a step of a list, so each line begins with three spaces. */
const [, exchange = ""] = /^ {3}```js\n(.*?)^ {3}```$/msu.exec(guide) ?? [];

/** Where the element's file lies in the guide's page. */
const ELEMENT = "/node_modules/@slotwire/client/dist/element.js";

let hub: DashboardHub;
let browser: Browser;
let site: Server;
let origin: string;
let minter: { key: string };
let website: { key: string };
let tokens: { readonly port: number; readonly program: ChildProcess; readonly folder: string };
let document = "";
const files = new Map<string, string>();
const troubles: string[] = [];

/** With the addresses of this test in place of the guide's. */
const here = (code: string): string =>
  code
    .replaceAll("https://hub.example.com", hub.address)
    .replaceAll("https://www.example.com", origin);

beforeAll(async () => {
  [hub, browser] = await Promise.all([startDashboardHub(), launchBrowser()]);
  site = createServer((request, response) => {
    const { url = "/" } = request;
    const file = files.get(url);
    if (url === "/") response.setHeader("content-type", "text/html; charset=utf-8").end(document);
    else if (file !== undefined) response.setHeader("content-type", "text/javascript").end(file);
    else {
      const onward = ask({ port: tokens.port, host: "127.0.0.1", path: url });
      onward.on("response", (answer) => {
        response.writeHead(answer.statusCode ?? 502);
        answer.pipe(response);
      });
      onward.on("error", () => response.destroy());
      onward.end();
    }
  }).listen(0, "127.0.0.1");
  await once(site, "listening");
  origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  minter = await hub.api<{ key: string }>("POST", "/api-keys", {
    name: "The guide's server",
    scopes: ["stream:mint", "events:read"],
  });
  tokens = await startTokenServer();
  files.set("/bookings.js", await bundleScript(here(bookings)));
  files.set(ELEMENT, await bundleScript('import "@slotwire/client/element";'));
});

afterEach(() => {
  expect(troubles.splice(0)).toEqual([]);
});

afterAll(async () => {
  await closePages(browser);
  tokens?.program.kill();
  if (tokens !== undefined) await rm(tokens.folder, { recursive: true });
  site?.closeAllConnections();
  site?.close();
  await hub?.close();
});

/** The guide's server, as a program of its own. */
async function startTokenServer() {
  const [port, folder] = [await freePort(), await mkdtemp(join(tmpdir(), "slotwire-guide-"))];
  const file = join(folder, "token-server.mjs");
  await writeFile(file, here(tokenServer).replace("listen(8080)", `listen(${port}, "127.0.0.1")`));
  const env = { ...process.env, SLOTWIRE_API_KEY: minter.key };
  const program = spawn(process.execPath, [file], { env, stdio: "inherit" });
  await until(() => answers(`http://127.0.0.1:${port}/my-server/stream-token`), 30_000);
  return { port, program, folder };
}

/** Opens the guide's page, with that in its body. @returns what its console says */
async function open(body: string): Promise<{ page: Page; said: string[] }> {
  document = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Bookings</title>
<link rel="icon" href="data:,"><body>${body}</body></html>`;
  const said: string[] = [];
  const page = await openPage(browser, troubles);
  page.on("console", (message) => said.push(message.text()));
  await page.goto(origin);
  return { page, said };
}

let booked = 0;
/** Somebody books. @returns the booking's number, as events tell it */
async function book(): Promise<string> {
  booked += 1;
  await hub.book({ uid: `visit-${booked}`, name: "Sofia", from: "09:00", to: "10:00" });
  return `#${1000 + booked}`;
}
const tells = (said: readonly string[], word: string): Promise<void> =>
  until(() => said.some((line) => line.includes(word)), 20_000);

/** Whether the page tells of the newest booking, and of the next. */
async function follows(said: readonly string[]): Promise<void> {
  await tells(said, `#${1000 + booked}`);
  await tells(said, await book());
}

describe("a page of another origin than the hub's, as the guide has it", () => {
  it("is refused until a publishable key names its origin", async () => {
    const { page, said } = await open('<script type="module" src="/bookings.js"></script>');
    await tells(said, "CORS");
    await page.context().close();
    expect(troubles.splice(0).every((trouble) => trouble.includes("CORS"))).toBe(true);
  });

  it("is let in by the key that the guide makes", async () => {
    const admin = { name: "The guide's admin", scopes: ["admin"] };
    const { key } = await hub.api<{ key: string }>("POST", "/api-keys", admin);
    const env = { ...process.env, SLOTWIRE_API_KEY: key };
    const { stdout } = await promisify(execFile)("sh", ["-c", here(makeKey)], { env });
    website = JSON.parse(stdout) as { key: string };
    expect(website).toMatchObject({ kind: "publishable", allowed_origins: [origin] });
  });

  it("follows bookings by the client", async () => {
    await book();
    const { page, said } = await open('<script type="module" src="/bookings.js"></script>');
    await follows(said);
    await page.context().close();
  });

  it("follows them in a web worker", async () => {
    const { page, said } = await open(`<script type="module">${startWorker}</script>`);
    await follows(said);
    await page.context().close();
  });

  it("follows them by the element", async () => {
    const { page } = await open(here(element));
    await page.locator("slotwire-events:state(live)").waitFor();
    await page.locator('slotwire-events [part="description"]', { hasText: await book() }).waitFor();
    await page.context().close();
  });

  it("follows them by a grant, also when the exchange fails at first", async () => {
    const grant = await hub.api<{ token: string }>("POST", "/stream-tokens", { grant: true });
    const getToken = here(exchange).replace("sw_pk_live_…", website.key);
    const [imports = "", ...rest] = here(bookings).split(/(?<=from "@slotwire\/client";)/);
    const follow = rest.join("").replace(/^async function getToken\(\) \{$.*?^\}$/msu, getToken);
    expect(follow).toContain("/stream-tokens/exchange");
    const program = `${imports} const grant = "${grant.token}"; ${follow}`;
    files.set("/by-grant.js", await bundleScript(program));
    const { page, said } = await open("");
    const fail = { status: 503, headers: { "access-control-allow-origin": "*" } };
    await page.route("**/stream-tokens/exchange", (route) => route.fulfill(fail), { times: 1 });
    await page.addScriptTag({ url: "/by-grant.js", type: "module" });
    await follows(said);
    await page.context().close();
  });
});
