import cookie from "@fastify/cookie";
import Fastify from "fastify";
import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import { ManualClock } from "../clock.ts";
import { loadConfig } from "../config.ts";
import { testSecretBox } from "../../test/test-database.ts";
import { sealedCookie } from "./sealed-cookie.ts";

const clock = new ManualClock("2026-03-01T08:00:00Z");
const hub = { config: loadConfig({}), clock, secretBox: testSecretBox };
const kind = { lifetime: 1_000, schema: z.string() };
const one = sealedCookie(hub, { ...kind, name: "one" });
const other = sealedCookie(hub, { ...kind, name: "other" });

const app = Fastify().register(cookie);
app.get("/write", async (_request, reply) => {
  one.write(reply, "a value");
  return reply.send();
});
app.get("/read", async (request) => ({ one: one.read(request), other: other.read(request) }));
afterAll(() => app.close());

const write = async (): Promise<string> => {
  const [written] = (await app.inject({ url: "/write" })).cookies;
  expect(written).toMatchObject({ name: "slotwire_one", httpOnly: true, sameSite: "Lax" });
  return written?.value ?? "";
};
const read = async (cookies: Record<string, string>): Promise<unknown> =>
  (await app.inject({ url: "/read", cookies })).json();

test("a sealed cookie is read until its time is over", async () => {
  const sealed = await write();
  clock.advance(999);
  expect(await read({ slotwire_one: sealed })).toEqual({ one: "a value", other: null });
  clock.advance(1);
  expect(await read({ slotwire_one: sealed })).toEqual({ one: null, other: null });
});

test("a sealed cookie does not pass for another, though it has the same form", async () => {
  expect(await read({ slotwire_other: await write() })).toEqual({ one: null, other: null });
});

test("whatever else is in the cookie is no value", async () => {
  const seal = (text: string): string =>
    Buffer.from(testSecretBox.seal(text)).toString("base64url");
  const until = clock.now().getTime() + 500;
  for (const value of [
    "",
    "x",
    "%",
    seal("not json"),
    seal("null"),
    seal(JSON.stringify({ cookie: "one", until, value: 1 })),
    seal(JSON.stringify({ cookie: "one", value: "a value" })),
  ]) {
    expect(await read({ slotwire_one: value }), value).toMatchObject({ one: null });
  }
});
