import { SlotwireError } from "../errors.ts";
import type { AppliedMessage } from "../inbox/apply-message.ts";

/**
 * Tells a source that it named somebody who is not on a booking that nobody else can join. Whoever
 * proves to be the source may know who is on it.
 * @throws SlotwireError E_ATTENDEE_UNKNOWN with the `attendees` by their addresses
 */
export function requireKnownPeople({ isUnderstood, receipt, coming }: AppliedMessage): void {
  if (!isUnderstood || coming === undefined) return;
  const { message_id, booking_id } = receipt;
  const extra = { attendees: coming, message_id, booking_id };
  throw new SlotwireError("E_ATTENDEE_UNKNOWN", { extra });
}
