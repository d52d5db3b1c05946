import { createHmac } from "node:crypto";
import { calcomFixture } from "../apps/server/src/connectors/calcom/fixtures.ts";

/** The secret of the hub under test's Cal.com connection. */
export const secret = "secret-of-the-benchmark";

/** A signed webhook, ready to be posted. */
export interface SignedMessage {
  readonly uid: string;
  readonly body: string;
  readonly signature: string;
}

const uidInTemplate = "uid-of-the-template";
const template = JSON.stringify(
  calcomFixture("booking_created", {
    uid: uidInTemplate,
    iCalUID: `${uidInTemplate}@Cal.com`,
  }),
);

/** A BOOKING_CREATED of its own booking, as Cal.com signs it. */
export function bookingMessage(uid: string): SignedMessage {
  const body = template.replaceAll(uidInTemplate, uid);
  return { uid, body, signature: createHmac("sha256", secret).update(body).digest("hex") };
}
