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
    metadata: {},
  }),
)
  // Everybody comes for the first time: nobody waits for somebody else's customer, and most is written.
  .replaceAll("jan.kowalski@mail.example", emailOf(uidInTemplate))
  .replaceAll('"+48601234567"', "null");

/** The address of whoever made the booking. */
export function emailOf(uid: string): string {
  return `${uid}@mail.example`;
}

/** A BOOKING_CREATED of its own booking, as Cal.com signs it. */
export function bookingMessage(uid: string): SignedMessage {
  return signed(uid, template.replaceAll(uidInTemplate, uid));
}

/** The BOOKING_CANCELLED that follows it, a minute later. */
export function cancellationMessage(uid: string): SignedMessage {
  const { createdAt, payload } = JSON.parse(template) as ReturnType<typeof calcomFixture>;
  const body = {
    triggerEvent: "BOOKING_CANCELLED",
    createdAt: new Date(Date.parse(createdAt) + 60_000).toISOString(),
    payload: { ...payload, status: "CANCELLED", cancellationReason: "It rains." },
  };
  return signed(uid, JSON.stringify(body).replaceAll(uidInTemplate, uid));
}

function signed(uid: string, body: string): SignedMessage {
  return { uid, body, signature: createHmac("sha256", secret).update(body).digest("hex") };
}
