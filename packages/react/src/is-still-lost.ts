import type { LiveStatus } from "@slotwire/client";

/**
 * Whether what is shown may have changed meanwhile, given that there is no connection: at once where none
 * can be had, and otherwise when it has been away for as long as subscribers are told of.
 * @param lostAt when that was told last, in milliseconds of the epoch; 0 for never
 * @param syncedAt when the connection last stood
 */
export function isStillLost(status: LiveStatus, lostAt: number, syncedAt: number | null): boolean {
  if (status === "offline" || status === "denied") return true;
  return lostAt !== 0 && lostAt >= (syncedAt ?? 0);
}
