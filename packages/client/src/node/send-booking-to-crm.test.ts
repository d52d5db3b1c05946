import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { answering, dying, type FlakyCrm, openFlakyCrm, taken } from "../../test/flaky-crm.ts";
import { createMemoryOutbox } from "../send-booking-to-crm/booking-outbox.ts";
import { createBookingSender } from "../send-booking-to-crm/booking-sender.ts";
import type { SiteBooking } from "../send-booking-to-crm/site-booking.ts";
import { createFileOutbox } from "./file-outbox.ts";
import { resumeSendingToCRM, sendBookingToCRM, stopSendingToCRM } from "./send-booking-to-crm.ts";

let crm: FlakyCrm;
let folder: string;
beforeEach(async () => {
  crm = await openFlakyCrm();
  folder = await mkdtemp(join(tmpdir(), "outbox-"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await stopSendingToCRM();
  await crm.close();
  await rm(folder, { recursive: true, force: true });
});

const secret = "a secret of the tests";
const booking: SiteBooking = {
  bookingId: "b-1",
  eventType: "workshop",
  name: "Test Person",
  email: "test@example.com",
  scheduledDate: "2031-05-15T10:00:00Z",
  duration: 120,
  createdAt: "2026-01-02T08:00:00.000Z",
};

/** Rounds that come at once, and never by themselves. */
const retryDelays = [0];
const never = [1e9];
const options = (): {
  url: string;
  secret: string;
  outboxFolder: string;
  retryDelays: number[];
} => ({ url: crm.url, secret, outboxFolder: folder, retryDelays });

const kept = async (): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name.endsWith(".json"));

describe("a booking", () => {
  test("is posted with the site's secret, and answered as the hub answers", async () => {
    vi.stubEnv("CRM_WEBHOOK_URL", `${crm.url}/`);
    vi.stubEnv("CRM_WEBHOOK_SECRET", secret);
    vi.stubEnv("CRM_OUTBOX_DIR", folder);
    expect(await sendBookingToCRM(booking)).toEqual(taken);
    expect(crm.secrets).toEqual([secret]);
    expect(JSON.parse(crm.bodies[0] ?? "")).toEqual({
      ...booking,
      source: "bookme",
      event: "booking.created",
      occurredAt: booking.createdAt,
    });
    expect(await readdir(folder)).toEqual([]);
  });

  test("that is changed says what became of it, and when", async () => {
    const before = Date.now();
    await sendBookingToCRM({ ...booking, event: "booking.cancelled", reason: "ill" }, options());
    const body = JSON.parse(crm.bodies[0] ?? "") as SiteBooking;
    expect(body).toMatchObject({ event: "booking.cancelled", reason: "ill" });
    expect(Date.parse(body.occurredAt ?? "")).toBeGreaterThanOrEqual(before);
  });

  test("that the hub keeps for later is done with", async () => {
    crm.behaviours = [answering(202, { success: true, stored: true })];
    expect(await sendBookingToCRM(booking, options())).toEqual({ success: true, stored: true });
    expect(await readdir(folder)).toEqual([]);
  });

  test.each([Infinity, 2 ** 40, Number.NaN])(
    "is sent where a try may take %d ms",
    async (timeout) => {
      crm.behaviours = [(to) => void setTimeout(() => answering(200, taken)(to), 20)];
      expect(await sendBookingToCRM(booking, { ...options(), timeout })).toEqual(taken);
    },
  );

  test("is sent once, however often it is given at the same time", async () => {
    const answers = await Promise.all([1, 2, 3].map(() => sendBookingToCRM(booking, options())));
    expect(answers).toEqual([taken, taken, taken]);
    expect(crm.bodies).toHaveLength(1);
  });
});

describe("when the hub fails, a booking is kept and sent again", () => {
  const page = "<html>Bad gateway</html>";
  test.each([
    ["an error inside", answering(500, { error: "Internal server error", message: "id" })],
    ["a proxy's page", answering(502, page)],
    ["a page that says 200", answering(200, page)],
    ["a page that says 400", answering(400, page)],
    ["a success that says nothing", answering(200, {})],
    ["a wrong secret", answering(401, { error: "Unauthorized" })],
    ["a paused connection", answering(409, { error: "The connection is paused" })],
    ["too many requests", answering(429, { error: "Too many" }, { "retry-after": "0" })],
    ["a redirect", answering(307, "", { location: "http://127.0.0.1:9/" })],
    ["a connection that breaks in the middle", dying],
  ])("after %s", async (_what, behaviour) => {
    crm.behaviours = [behaviour];
    const result = await sendBookingToCRM(booking, options());
    expect(result).toMatchObject({ success: false, queued: true });
    expect(result).toHaveProperty("error", expect.not.stringContaining("already been read"));
    await vi.waitFor(async () => expect(await readdir(folder)).toEqual([]), 5_000);
    expect(crm.bodies).toHaveLength(2);
    expect(crm.bodies[1]).toBe(crm.bodies[0]);
  });

  test("after an answer that never comes", async () => {
    crm.behaviours = [() => {}];
    const result = await sendBookingToCRM(booking, { ...options(), timeout: 50 });
    expect(result).toMatchObject({ queued: true, error: "The hub did not answer in time." });
    await vi.waitFor(async () => expect(await readdir(folder)).toEqual([]), 5_000);
  });

  test("while it is down, as soon as it is up", async () => {
    const { url } = crm;
    await crm.close();
    const sent = await Promise.all(
      ["b-1", "b-2", "b-3"].map((bookingId) =>
        sendBookingToCRM({ ...booking, bookingId }, { ...options(), url }),
      ),
    );
    expect(sent).toMatchObject([{ queued: true }, { queued: true }, { queued: true }]);
    expect(await kept()).toHaveLength(3);
    crm = await openFlakyCrm(Number(new URL(url).port));
    await vi.waitFor(async () => expect(await readdir(folder)).toEqual([]), 5_000);
    const ids = crm.bodies.map((body) => (JSON.parse(body) as SiteBooking).bookingId);
    expect(new Set(ids)).toEqual(new Set(["b-1", "b-2", "b-3"]));
  });

  test("and nothing is lost where no address is set", async () => {
    vi.stubEnv("CRM_WEBHOOK_URL", "");
    const result = await sendBookingToCRM(booking, { secret, outboxFolder: folder });
    expect(result).toEqual({
      success: false,
      queued: true,
      error: "CRM_WEBHOOK_URL is not set.",
    });
    await stopSendingToCRM();
    expect(await resumeSendingToCRM(options())).toBe(0);
    expect(crm.bodies).toHaveLength(1);
  });
});

describe("what the hub does not understand", () => {
  test("is put aside with its reason, and told", async () => {
    const details = { issues: [{ path: ["email"], message: "Invalid email address" }] };
    crm.behaviours = [answering(400, { error: "Invalid payload", details })];
    const problems: string[] = [];
    const onProblem = (problem: string): void => void problems.push(problem);
    const result = await sendBookingToCRM(booking, { ...options(), onProblem });
    expect(result).toEqual({ success: false, queued: false, error: "Invalid payload", details });
    expect(problems).toHaveLength(1);
    expect(await kept()).toEqual([]);
    const aside = (await readdir(join(folder, "refused"))).toSorted();
    expect(aside).toHaveLength(2);
    expect(await readFile(join(folder, "refused", aside[0] ?? ""), "utf8")).toContain("b-1");
    expect(await resumeSendingToCRM(options())).toBe(0);
    expect(crm.bodies).toHaveLength(1);
  });

  test("does not get in the way of what comes behind it", async () => {
    const outbox = createFileOutbox(folder);
    for (const [at, key] of ["one", "two", "three"].entries()) {
      await outbox.add({ key, body: JSON.stringify({ key }), addedAt: at });
    }
    crm.behaviours = [answering(500, {}), answering(400, { error: "Invalid payload" })];
    const sender = createBookingSender({ url: crm.url, secret, outbox, retryDelays: never });
    await vi.waitFor(async () => expect(await kept()).toHaveLength(1), 5_000);
    expect(await sender.flush()).toBe(0);
    expect(crm.bodies.map((body) => JSON.parse(body) as object)).toEqual([
      { key: "one" },
      { key: "two" },
      { key: "three" },
      { key: "one" },
    ]);
    await sender.close();
  });
});

describe("an outbox of files", () => {
  const entry = { key: "k", body: "{}", addedAt: 1 };

  test("keeps a message once, and forgets it when it is removed", async () => {
    const outbox = createFileOutbox(join(folder, "deep", "er"));
    await Promise.all([1, 2, 3, 4].map(() => outbox.add(entry)));
    await outbox.add({ ...entry, body: "another" });
    expect(await outbox.list()).toEqual([entry]);
    await outbox.remove("k");
    expect(await outbox.list()).toEqual([]);
    expect(await readdir(join(folder, "deep", "er"))).toEqual([]);
  });

  test("gives a message to one alone, and to another when that one is no more", async () => {
    const one = createFileOutbox(folder);
    const other = createFileOutbox(folder);
    await one.add(entry);
    const claims = await Promise.all([one, other, one, other].map((box) => box.claim("k")));
    expect(claims.filter(Boolean)).toHaveLength(1);
    expect(await createFileOutbox(folder, { lease: -1 }).claim("k")).toBe(true);
    await other.release("k");
    expect(await other.claim("k")).toBe(true);
    await other.remove("k");
    expect(await one.claim("k")).toBe(false);
    expect(await createFileOutbox(join(folder, "nowhere")).claim("k")).toBe(false);
    expect(await createFileOutbox(join(folder, "nowhere")).list()).toEqual([]);
  });

  test("leaves files of others alone", async () => {
    await writeFile(join(folder, "broken.json"), "{");
    await writeFile(join(folder, "other.json"), '{"a":1}');
    await writeFile(join(folder, "null.json"), "null");
    const outbox = createFileOutbox(folder);
    await outbox.add(entry);
    expect(await outbox.list()).toEqual([entry]);
  });

  test("is cleared of what dead processes leave half-done, and of nothing else", async () => {
    const outbox = createFileOutbox(folder);
    await outbox.add(entry);
    await outbox.claim("k");
    await writeFile(join(folder, "new.draft"), "{");
    await writeFile(join(folder, "old.draft"), "{");
    await writeFile(join(folder, "gone.lease"), "");
    const past = Date.now() / 1000 - 3601;
    const names = (await readdir(folder)).filter((name) => name !== "new.draft");
    await Promise.all(names.map((name) => utimes(join(folder, name), past, past)));
    expect(await outbox.list()).toEqual([entry]);
    const left = (await readdir(folder)).map((name) => extname(name)).toSorted();
    expect(left).toEqual([".draft", ".json", ".lease"]);
    expect(await readdir(folder)).toContain("new.draft");
  });

  test("is shared by senders without a booking sent twice", async () => {
    for (let no = 0; no < 20; no += 1) {
      await createFileOutbox(folder).add({ key: `k${no}`, body: `{"no":${no}}`, addedAt: no });
    }
    const senders = [1, 2, 3].map(() =>
      createBookingSender({
        url: crm.url,
        secret,
        outbox: createFileOutbox(folder),
        retryDelays,
      }),
    );
    await vi.waitFor(async () => expect(await readdir(folder)).toEqual([]), 10_000);
    expect(crm.bodies.toSorted()).toEqual([...new Set(crm.bodies)].toSorted());
    expect(crm.bodies).toHaveLength(20);
    await Promise.all(senders.map((sender) => sender.close()));
  });
});

describe("a message that cannot be taken from the outbox", () => {
  test.each([
    ["because another sender has it, who dies", () => Promise.resolve(false), 0],
    ["because the disk is full", () => Promise.reject(new Error("no space left on device")), 1],
  ])("%s, is sent a little later", async (_why, failure, problems) => {
    const memory = createMemoryOutbox();
    const claim = vi.fn((key: string) => memory.claim(key)).mockImplementationOnce(failure);
    const list = vi.fn(() => memory.list());
    const onProblem = vi.fn();
    const outbox = { ...memory, claim, list };
    const sender = createBookingSender({ url: crm.url, secret, outbox, retryDelays, onProblem });
    await vi.waitFor(() => expect(list).toHaveBeenCalledOnce());
    expect(await sender.send(booking)).toMatchObject({ success: false, queued: true });
    await vi.waitFor(() => expect(crm.bodies).toHaveLength(1), 5_000);
    expect(onProblem).toHaveBeenCalledTimes(problems);
    await sender.close();
  });
});

describe("where nothing can be kept", () => {
  const full = {
    ...createMemoryOutbox(),
    add: () => Promise.reject(new Error("no space left on device")),
  };

  test("a booking is sent all the same", async () => {
    const sender = createBookingSender({ url: crm.url, secret, outbox: full, retryDelays: never });
    expect(await sender.send(booking)).toEqual(taken);
    await sender.close();
  });

  test("whoever sends it is told when that fails too", async () => {
    crm.behaviours = [answering(503, {})];
    const sender = createBookingSender({ url: crm.url, secret, outbox: full, retryDelays: never });
    await expect(sender.send(booking)).rejects.toThrow("can neither be kept nor sent");
    await sender.close();
  });
});

test("an outbox of one's own is all that a sender needs", async () => {
  crm.behaviours = [answering(500, {})];
  const outbox = createMemoryOutbox();
  const sender = createBookingSender({ url: crm.url, secret, outbox, retryDelays: never });
  expect(await sender.send(booking)).toMatchObject({ queued: true });
  expect(await outbox.list()).toHaveLength(1);
  expect(await sender.flush()).toBe(0);
  expect(await outbox.list()).toEqual([]);
  await sender.close();
  expect(await sender.send({ ...booking, bookingId: "b-2" })).toEqual(taken);
});
