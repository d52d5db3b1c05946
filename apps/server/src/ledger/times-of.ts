import { SlotwireError } from "../errors.ts";

/**
 * The times that somebody gave, in the form that the ledger keeps: RFC 3339 in UTC.
 * @throws SlotwireError E_TIME_ORDER when the end is before the start
 */
export function timesOf(given: { readonly starts_at: string; readonly ends_at: string }): {
  startsAt: string;
  endsAt: string;
} {
  const startsAt = new Date(given.starts_at).toISOString();
  const endsAt = new Date(given.ends_at).toISOString();
  if (endsAt < startsAt) {
    throw new SlotwireError("E_TIME_ORDER", {
      errors: [{ path: "body.ends_at", message: "Is before `starts_at`." }],
    });
  }
  return { startsAt, endsAt };
}
