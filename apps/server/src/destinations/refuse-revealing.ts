import { SlotwireError } from "../errors.ts";
import { profileOf } from "./encode-delivery.ts";

/** Where a destination sends, and how much. Its profile never changes. */
interface Sending {
  readonly url: string;
  readonly profile: string;
  readonly payload_mode: string;
}

/**
 * Keeps whoever is not shown customers' contact data from sending it to an address of their own.
 * Thin bodies carry none, and what has been sent to an address all along may go on.
 * @throws SlotwireError E_FORBIDDEN
 */
export function refuseRevealing(old: Sending | null, fresh: Sending): void {
  if (!carriesContacts(fresh)) return;
  if (old !== null && old.payload_mode === fresh.payload_mode && old.url === fresh.url) return;
  throw new SlotwireError("E_FORBIDDEN", {
    detail: `These bodies (${fresh.profile}, ${fresh.payload_mode}) carry customers' contact data, which your role is not shown: choose thin ones, or ask an owner or admin.`,
  });
}

/** Whether a destination's bodies carry customers' contact data. */
export function carriesContacts(destination: Pick<Sending, "profile" | "payload_mode">): boolean {
  return profileOf(destination).personalModes.some((mode) => mode === destination.payload_mode);
}
