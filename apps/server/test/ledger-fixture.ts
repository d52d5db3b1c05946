import { createHash } from "node:crypto";
import { type Clock, systemClock } from "../src/clock.ts";
import type { Database } from "../src/db/database.ts";
import { uuid7 } from "../src/db/uuid7.ts";
import type { Wake } from "../src/db/wake.ts";
import type { BookingChange } from "../src/domain/booking.ts";
import type { MessageDraft } from "../src/ledger/message-draft.ts";
import { record, type RecordResult } from "../src/ledger/record.ts";
import { createTestConnection, createTestOrganisation } from "./test-database.ts";
import { sourceChange } from "./booking-change.ts";

/** A wake-up for tests that look for themselves: nobody listens. */
export const nobodyListens: Wake = {
  signal: () => {},
  on: () => () => {},
  close: () => Promise.resolve(),
};

/** An organisation with one connection, and short ways to record into it. */
export interface LedgerFixture {
  readonly orgId: string;
  readonly connectionId: string;
  /** A change of the connection's booking with this uid. */
  change(uid: string, change?: Partial<BookingChange>): BookingChange;
  /** Records a change, with a message when one is given. */
  record(change: BookingChange, message?: MessageDraft | null): Promise<RecordResult>;
  /** A message with this body. */
  message(body: string): MessageDraft;
}

/** Makes a new organisation in `db` and the means to record into it. */
export async function ledgerFixture(
  db: Database,
  clock: Clock = systemClock,
): Promise<LedgerFixture> {
  const { orgId } = await createTestOrganisation(db);
  const { connectionId } = await createTestConnection(db, orgId);
  return {
    orgId,
    connectionId,
    change: (uid, change) => sourceChange(connectionId, uid, change),
    record: (change, message = null) =>
      record({ db, clock, wake: nobodyListens }, { orgId, change, sourceKind: "calcom", message }),
    message: (body) => ({
      id: uuid7(),
      connectionId,
      dedupeKey: createHash("sha256").update(body).digest("hex"),
      trigger: "TEST",
      summary: "a message of the tests",
      warning: null,
      signatureState: "valid",
      headers: {},
      body: Buffer.from(body),
      receivedAt: clock.now(),
    }),
  };
}
