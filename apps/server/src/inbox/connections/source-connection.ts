import type { AuthMode } from "@slotwire/contract";
import type { ConnectionSettings } from "../../connectors/connector.ts";
import { openedOrNull, type SecretBox } from "../../db/secret-box.ts";

/** A connection as whoever receives its messages needs it, with its secrets open. */
export interface SourceConnection {
  readonly id: string;
  readonly orgId: string;
  readonly kind: string;
  readonly name: string;
  readonly status: "active" | "paused" | "removed";
  /** IANA zone of the organisation. */
  readonly timeZone: string;
  readonly authModes: readonly AuthMode[];
  readonly secret: string | null;
  /** The secret before the last rotation, and until when it still counts. */
  readonly previous: { readonly secret: string; readonly until: Date } | null;
  /** SHA-256 of the token in its address. */
  readonly urlTokenHash: Buffer | null;
  readonly previousUrlToken: { readonly hash: Buffer; readonly until: Date } | null;
  /** Null when messages may come from anywhere. */
  readonly allowedRanges: readonly string[] | null;
  readonly messagesPerMinute: number;
  readonly settings: ConnectionSettings;
  /** Where its API is; null for the connector's own default. */
  readonly apiUrl: string | null;
  /** The key that its API is called with; null when the hub does not call it. */
  readonly apiKey: string | null;
}

/** The row behind it. */
export interface SourceConnectionRow {
  readonly id: string;
  readonly org_id: string;
  readonly kind: string;
  readonly name: string;
  readonly status: "active" | "paused";
  readonly removed_at: Date | null;
  readonly time_zone: string;
  readonly auth_modes: readonly AuthMode[];
  readonly secret_sealed: Uint8Array | null;
  readonly previous_secret_sealed: Uint8Array | null;
  readonly previous_secret_until: Date | null;
  readonly url_token_hash: Uint8Array | null;
  readonly previous_url_token_hash: Uint8Array | null;
  readonly previous_url_token_until: Date | null;
  readonly allowed_ranges: readonly string[] | null;
  readonly messages_per_minute: number;
  readonly settings: ConnectionSettings;
  readonly api_url: string | null;
  readonly api_key_sealed: Uint8Array | null;
}

/**
 * Opens a connection's secrets.
 * @throws SlotwireError E_SECRET_UNREADABLE when they were sealed under another master key
 */
export function openConnection(row: SourceConnectionRow, box: SecretBox): SourceConnection {
  const { previous_secret_sealed: sealed, previous_secret_until: until } = row;
  const { previous_url_token_hash: hash, previous_url_token_until: hashUntil } = row;
  return {
    id: row.id,
    orgId: row.org_id,
    kind: row.kind,
    name: row.name,
    status: row.removed_at === null ? row.status : "removed",
    timeZone: row.time_zone,
    authModes: row.auth_modes,
    secret: row.secret_sealed === null ? null : box.open(row.secret_sealed),
    previous: sealed === null || until === null ? null : openPrevious(box, sealed, until),
    urlTokenHash: row.url_token_hash === null ? null : Buffer.from(row.url_token_hash),
    previousUrlToken:
      hash === null || hashUntil === null ? null : { hash: Buffer.from(hash), until: hashUntil },
    allowedRanges: row.allowed_ranges,
    messagesPerMinute: row.messages_per_minute,
    settings: row.settings,
    apiUrl: row.api_url,
    apiKey: row.api_key_sealed === null ? null : box.open(row.api_key_sealed),
  };
}

/** An old secret that cannot be opened any more is gone; the current one still counts. */
function openPrevious(
  box: SecretBox,
  sealed: Uint8Array,
  until: Date,
): SourceConnection["previous"] {
  const secret = openedOrNull(box, sealed);
  return secret === null ? null : { secret, until };
}

/** The secrets that count at this instant. None means that no message can prove itself by one. */
export function liveSecrets({ secret, previous }: SourceConnection, now: Date): string[] {
  const secrets = secret === null ? [] : [secret];
  if (previous !== null && previous.until > now) secrets.push(previous.secret);
  // An empty secret is none: everybody knows it.
  return secrets.filter((known) => known !== "");
}

/** The hashes of the address's tokens that count at this instant. */
export function liveTokenHashes(connection: SourceConnection, now: Date): Buffer[] {
  const { urlTokenHash, previousUrlToken: previous } = connection;
  const hashes = urlTokenHash === null ? [] : [urlTokenHash];
  if (previous !== null && previous.until > now) hashes.push(previous.hash);
  return hashes;
}
