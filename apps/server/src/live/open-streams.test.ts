import { expect, test } from "vitest";
import { until } from "../../test/until.ts";
import type { Principal } from "../access/principal.ts";
import { type OpenReader, OpenStreams } from "./open-streams.ts";

const eva: Principal = {
  kind: "user",
  id: "eva",
  name: "Eva",
  role: "viewer",
  orgId: "org",
  scopes: null,
  providerEmail: null,
  hideContacts: false,
  session: null,
};

/** A reader that says what was asked of it, and ends when it is told to. */
function reader() {
  const asked: string[] = [];
  const { promise, resolve } = Promise.withResolvers<string>();
  const opened: OpenReader<string> = {
    run: () => promise,
    recheck: () => void asked.push("recheck"),
    end: () => {
      asked.push("end");
      resolve("over");
    },
  };
  return { asked, opened };
}

test("rights that change after a reader was identified are asked about when its stream runs", async () => {
  const open = new OpenStreams();
  const [early, late] = [performance.now(), reader()];
  open.recheckAll();
  const over = open.run(late.opened, early);
  expect(late.asked).toEqual(["recheck"]);
  const next = reader();
  await until(() => performance.now() > early + 1);
  const nextOver = open.run(next.opened, performance.now());
  expect(next.asked).toEqual([]);
  open.recheckAll();
  expect([late.asked, next.asked]).toEqual([["recheck", "recheck"], ["recheck"]]);
  open.endAll();
  expect([await over, await nextOver]).toEqual(["over", "over"]);
});

test("a hub that stops ends also what is about to open", async () => {
  const open = new OpenStreams();
  const identifiedAt = performance.now();
  open.endAll();
  const late = reader();
  expect(await open.run(late.opened, identifiedAt)).toBe("over");
});

test("a place that was given back twice is one place", () => {
  const open = new OpenStreams({ user: 2, api_key: 2, stream_token: 2 });
  const [leave] = [open.admit(eva), open.admit(eva)];
  expect(() => open.admit(eva)).toThrow(expect.objectContaining({ code: "E_RATE_LIMITED" }));
  leave();
  leave();
  open.admit(eva);
  expect(() => open.admit(eva)).toThrow();
});

test("tokens of one person share the person's places with each other and with the person", () => {
  const open = new OpenStreams({ user: 3, api_key: 3, stream_token: 2 });
  const token = (id: string) => ({ kind: "stream_token", id }) as const;
  const [leave] = [open.admit(token("one"), eva), open.admit(token("one"), eva)];
  expect(() => open.admit(token("one"), eva)).toThrow();
  open.admit(token("two"), eva);
  for (const refused of [[token("three"), eva], [eva]]) {
    expect(() => open.admit(...refused)).toThrow(
      expect.objectContaining({ code: "E_RATE_LIMITED" }),
    );
  }
  open.admit(token("three"), { ...eva, id: "max" });
  leave();
  open.admit(eva);
  expect(() => open.admit(token("two"), eva)).toThrow();
});
