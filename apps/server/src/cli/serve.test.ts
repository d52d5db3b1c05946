import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createHubHome, type HubHome } from "../../test/running-hub.ts";
import { testPasswordCost } from "../../test/test-hub.ts";
import { loadConfig } from "../config.ts";
import { serve } from "./serve.ts";

let home: HubHome;
beforeAll(async () => {
  home = await createHubHome();
});
afterAll(() => home.remove());

/** Serves until `visit` is done. @returns what was printed */
async function serveFor(
  visit: (printed: string) => Promise<void>,
  options: { readonly signInLink?: boolean } = {},
): Promise<string> {
  let printed = "";
  let stop = (): void => {};
  const stopRequested = new Promise<void>((resolve) => {
    stop = resolve;
  });
  let visited = Promise.resolve();
  const print = (text: string): void => {
    if (printed === "") visited = visit(text).finally(stop);
    printed += text;
  };
  await serve(
    loadConfig(home.env),
    { print, stopRequested },
    {
      ...options,
      log: pino({ level: "silent" }),
      dashboardFolder: "/no-dashboard",
      passwordCost: testPasswordCost,
    },
  );
  await visited;
  return printed;
}

test("prints the link that sets the hub up until an owner has a password, and then on request", async () => {
  const link = /Sign in {3}(\S+)\/sign-in#token=(\S+)/;
  const first = await serveFor(async (printed) => {
    const [, address = "", token = ""] = link.exec(printed) ?? [];
    const send = (method: string, path: string, body: object, cookie = "") =>
      fetch(`${address}/api/v1/${path}`, {
        method,
        headers: { "content-type": "application/json", origin: address, cookie },
        body: JSON.stringify(body),
      });
    const opened = await send("POST", "session", { token });
    const cookie = opened.headers.get("set-cookie")?.split(";")[0] ?? "";
    const account = { name: "Ada", email: "ada@example.com" };
    expect((await send("PATCH", "account", account, cookie)).status).toBe(200);
    const password = "wet pavement, seven lamps";
    expect((await send("PUT", "account/password", { password }, cookie)).status).toBe(200);
    expect((await send("POST", "session", { email: account.email, password })).status).toBe(201);
  });
  expect(first).toContain("until an owner has a password");

  const second = await serveFor(async () => {});
  expect(second).not.toContain("token");
  expect(second).toMatch(/Sign in {3}http:\/\/127\.0\.0\.1:\d+\/sign-in\n/);

  const third = await serveFor(async () => {}, { signInLink: true });
  expect(third).toMatch(link);
  expect(third).not.toContain("until an owner has a password");
});
