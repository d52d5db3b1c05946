import { pino } from "pino";
import { afterAll, beforeAll, expect, it } from "vitest";
import { book } from "../../test/stream-hub.ts";
import {
  createTestOrganisation,
  openTestDatabase,
  type TestDatabase,
} from "../../test/test-database.ts";
import { wholeView } from "../domain/views/view.ts";
import { EventTail } from "./event-tail.ts";
import { everything } from "./stream-filter.ts";
import { StreamPage } from "./stream-page.ts";

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(() => test.close());

/** A page that waits for an organisation's first event, and what is answered when rights are asked about. */
async function waitingPage() {
  const { orgId } = await createTestOrganisation(test.db);
  const tail = new EventTail(test.db, orgId, 0);
  const allowed = Promise.withResolvers<boolean>();
  const page = new StreamPage({
    log: pino({ enabled: false }),
    reading: { db: test.db, view: wholeView(orgId), tail, filter: everything },
    start: { position: 0, isNamed: true, recent: null },
    wait: 20_000,
    stillAllowed: () => allowed.promise,
  });
  const happen = async (): Promise<void> => {
    await book(test.db, orgId, 1);
    await tail.advance();
  };
  return { page, allowed, happen };
}

it.each([
  ["and then what happened meanwhile", true, [1]],
  ["and nothing to whoever may not read any more", false, []],
])("tells nothing while it asks about rights, %s", async (_what, isAllowed, seqs) => {
  const { page, allowed, happen } = await waitingPage();
  const over = page.run();
  page.recheck();
  await happen();
  allowed.resolve(isAllowed);
  const { data } = await over;
  expect(data.map((event) => (JSON.parse(event.toString()) as { seq: number }).seq)).toEqual(seqs);
});

it("that begins while rights are asked about tells nothing before, either", async () => {
  const { page, allowed, happen } = await waitingPage();
  await happen();
  page.recheck();
  const over = page.run();
  await happen();
  allowed.resolve(false);
  expect(await over).toMatchObject({ data: [], position: 0, more: true });
});
