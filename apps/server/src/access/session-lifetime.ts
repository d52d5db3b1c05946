import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";

/** What every verb of this room works on. */
export interface AccessDeps {
  readonly db: Database;
  readonly clock: Clock;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** A session ends after this many milliseconds without a request … */
export const SESSION_IDLE = 14 * DAY;
/** … and after this many in any case. */
export const SESSION_ABSOLUTE = 60 * DAY;
/** How stale the note of a session's last request may be: one write a minute is enough. */
export const LAST_SEEN_PRECISION = MINUTE;
/** How long a one-time sign-in link works. */
export const SIGN_IN_LINK_LIFETIME = 60 * MINUTE;
/** How long the link to a new e-mail works: mail is not read everywhere at once. */
export const EMAIL_CHANGE_LIFETIME = DAY;
