import { createHmac } from "node:crypto";
import { Temporal } from "temporal-polyfill";
import { expect, test } from "vitest";
import { SlotwireError } from "../errors.ts";
import { createLogger } from "./create-logger.ts";
import { terminalLog } from "./terminal-log.ts";

function capture(): { lines: string[]; log: ReturnType<typeof createLogger> } {
  const lines: string[] = [];
  return { lines, log: createLogger("info", { write: (line) => void lines.push(line) }) };
}

test("what must not be in the log is blotted out wherever it stands", () => {
  const { lines, log } = capture();
  log.info({ token: "s3cret", connection: { secret: "s3cret", kind: "calcom" } }, "hello");
  log.info({ request: { headers: { authorization: "s3cret", cookie: "s3cret" } } });
  expect(lines.join("")).not.toContain("s3cret");
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({
    msg: "hello",
    connection: { kind: "calcom", secret: "[secret]" },
  });
});

test("an error is logged with its causes, but not with the words of the database", () => {
  const { lines, log } = capture();
  const refused = Object.assign(new Error("Key (email)=(jan@example.com) exists"), {
    code: "23505",
    detail: "jan@example.com",
  });
  log.error({ err: new SlotwireError("E_INTERNAL", { cause: refused }) }, "failed");
  expect(lines[0]).not.toContain("jan@example.com");
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({
    err: { code: "E_INTERNAL", cause: { message: "database error 23505" } },
  });
});

test("an error that quotes what it could not parse is logged without its words", () => {
  const { lines, log } = capture();
  let broken: unknown;
  try {
    JSON.parse("jan@example.com");
  } catch (error) {
    broken = error;
  }
  expect(String(broken)).toContain("jan@");
  log.error({ err: new Error("it broke", { cause: broken }) }, "failed");
  expect(lines[0]).not.toContain("jan@");
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({
    err: {
      message: "it broke",
      cause: {
        type: "SyntaxError",
        stack: expect.stringMatching(/^SyntaxError\n {4}at /) as string,
      },
    },
  });
});

test("an error that quotes what it was given is logged without its words", () => {
  const given = "jan@example.com";
  for (const fail of [
    () => Temporal.Instant.from(given),
    () => Temporal.ZonedDateTime.from(given),
    () => new Intl.DateTimeFormat("en", { timeZone: given }),
    () => BigInt(given),
    () => createHmac("sha256", "key").update({ given } as never),
    () => new URL(given),
    () => new Request(`http://${given}`),
    () => new Request(`http://[${given.replace("@", "%40")}?${given}`),
  ]) {
    const { lines, log } = capture();
    let thrown: unknown;
    try {
      fail();
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(Error);
    log.error({ err: new Error("a connector broke", { cause: thrown }) }, "failed");
    const [line = ""] = lines;
    expect(line).not.toContain(given);
    expect(JSON.parse(line)).toMatchObject({ err: { cause: { message: "" } } });
  }
});

test("what is thrown without being an error is logged by its type alone", () => {
  const { lines, log } = capture();
  log.error({ err: "jan@example.com" }, "failed");
  log.error({ err: new Error("it broke", { cause: { email: "jan@example.com" } }) }, "failed");
  expect(lines.join("")).not.toContain("jan@");
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ err: { type: "string" } });
  expect(JSON.parse(lines[1] ?? "")).toMatchObject({ err: { cause: { type: "object" } } });
});

test("in a terminal a line of the log is readable", () => {
  const printed: string[] = [];
  const log = createLogger(
    "info",
    terminalLog((text) => void printed.push(text)),
  );
  log.info({ reqId: "x", route: "/livez", status: 200 }, "answered");
  log.error({ err: new Error("out of paper") }, "failed");
  expect(printed[0]).toMatch(/^\d\d:\d\d:\d\d info {2}answered route=\/livez status=200\n$/);
  expect(printed[1]).toMatch(/error failed \nError: out of paper\n {4}at /);
});
