import type { SecretBox } from "../../db/secret-box.ts";
import { SlotwireError } from "../../errors.ts";

/** A connection as whoever receives its messages needs it, with its secrets open. */
export interface SourceConnection {
  readonly id: string;
  readonly orgId: string;
  readonly kind: string;
  readonly name: string;
  /** IANA zone of the organisation. */
  readonly timeZone: string;
  readonly secret: string | null;
  /** The secret before the last rotation, and until when it still counts. */
  readonly previous: { readonly secret: string; readonly until: Date } | null;
}

/** The row behind it. */
export interface SourceConnectionRow {
  readonly id: string;
  readonly org_id: string;
  readonly kind: string;
  readonly name: string;
  readonly time_zone: string;
  readonly secret_sealed: Uint8Array | null;
  readonly previous_secret_sealed: Uint8Array | null;
  readonly previous_secret_until: Date | null;
}

/**
 * Opens a connection's secrets.
 * @throws SlotwireError E_SECRET_UNREADABLE when they were sealed under another master key
 */
export function openConnection(row: SourceConnectionRow, box: SecretBox): SourceConnection {
  const { previous_secret_sealed: sealed, previous_secret_until: until } = row;
  return {
    id: row.id,
    orgId: row.org_id,
    kind: row.kind,
    name: row.name,
    timeZone: row.time_zone,
    secret: row.secret_sealed === null ? null : box.open(row.secret_sealed),
    previous: sealed === null || until === null ? null : openPrevious(box, sealed, until),
  };
}

/** An old secret that cannot be opened any more is gone; the current one still counts. */
function openPrevious(
  box: SecretBox,
  sealed: Uint8Array,
  until: Date,
): SourceConnection["previous"] {
  try {
    return { secret: box.open(sealed), until };
  } catch (error) {
    if (error instanceof SlotwireError && error.code === "E_SECRET_UNREADABLE") return null;
    throw error;
  }
}

/** The secrets that count at this instant. None means that no message can prove itself. */
export function liveSecrets({ secret, previous }: SourceConnection, now: Date): string[] {
  const secrets = secret === null ? [] : [secret];
  if (previous !== null && previous.until > now) secrets.push(previous.secret);
  return secrets;
}
