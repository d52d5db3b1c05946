import { SlotwireError } from "../errors.ts";

/** Where a destination sends, and how much. */
interface Sending {
  readonly url: string;
  readonly payload_mode: string;
}

/**
 * Keeps whoever is not shown customers' contact data from sending it to an address of their own.
 * Thin bodies carry none, and what has been sent in full to an address all along may go on.
 * @throws SlotwireError E_FORBIDDEN
 */
export function refuseRevealing(old: Sending | null, fresh: Sending): void {
  if (fresh.payload_mode === "thin") return;
  if (old !== null && old.payload_mode === fresh.payload_mode && old.url === fresh.url) return;
  throw new SlotwireError("E_FORBIDDEN", {
    detail:
      "Full bodies carry customers' contact data, which your role is not shown: choose thin ones, or ask an owner or admin.",
  });
}
