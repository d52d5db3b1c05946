import type { DestinationFilter, PayloadMode } from "@slotwire/contract";
import type { Queryable, Statement } from "../db/database.ts";
import type { BookingEventRow } from "../ledger/read-events.ts";
import type { OperationalEventRow } from "./operational-event.ts";
import { profiles } from "./profiles/profiles.ts";

/**
 * A leased delivery with its destination and its event: the columns of a booking's event have no
 * prefix, and mean nothing when it is an `operational` one.
 */
export interface ClaimedRow extends BookingEventRow {
  readonly operational: OperationalEventRow | null;
  readonly org_id: string;
  readonly delivery_id: string;
  /** Attempts that were made before. */
  readonly attempt_count: number;
  /** How often in a row a worker took the delivery and was not heard of again. */
  readonly lost_leases: number;
  /** The first delivery of the event, when this one sends it anew. */
  readonly replay_of: string | null;
  readonly destination_id: string;
  readonly destination_name: string;
  readonly url: string;
  readonly profile: string;
  readonly payload_mode: PayloadMode;
  readonly event_types: readonly string[];
  readonly filter: DestinationFilter | null;
  /** Seconds before each attempt; null is as the hub is set. */
  readonly retry_schedule: readonly number[] | null;
  /** How many events a request may carry; 1 where the profile knows no batches. */
  readonly batch_size: number;
  /** Requests per second over all processes; null is as many as there are. */
  readonly rate: number | null;
  readonly concurrency: number | null;
  /** The class of the last attempt's error, if there was one. */
  readonly previous_error: string | null;
  readonly secret_sealed: Uint8Array;
  readonly previous_secret_sealed: Uint8Array | null;
  readonly previous_secret_until: Date | null;
  readonly auth_header: string | null;
  readonly auth_value_sealed: Uint8Array | null;
}

export interface ClaimRequest {
  readonly now: Date;
  readonly leaseUntil: Date;
  /** UUID that marks the rows as this claim's. */
  readonly token: string;
  /** How many requests in all. */
  readonly limit: number;
  /** How many requests to one destination. */
  readonly slots: number;
  /** Destinations that take fewer. */
  readonly limited: ReadonlyMap<string, number>;
}

const claimStatement: Statement = {
  name: "claim_deliveries",
  text: "SELECT * FROM claim_deliveries($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
};

const pacedProfiles = Object.values(profiles).filter(
  ({ defaults }) => defaults?.rate_per_second !== undefined,
);
const batchingProfiles = Object.values(profiles)
  .filter(({ encodeBatch }) => encodeBatch !== undefined)
  .map(({ name }) => name);

/** Leases what is due, across all organisations. */
export function claimDeliveries(db: Queryable, request: ClaimRequest): Promise<ClaimedRow[]> {
  const { now, leaseUntil, token, limit, slots, limited } = request;
  return db.query<ClaimedRow>(claimStatement, [
    now,
    leaseUntil,
    token,
    limit,
    slots,
    [...limited.keys()],
    [...limited.values()],
    pacedProfiles.map(({ name }) => name),
    pacedProfiles.map(({ defaults }) => defaults?.rate_per_second),
    batchingProfiles,
  ]);
}

/** How a leased delivery ended. Instants are UTC. */
export interface Outcome {
  readonly org_id: string;
  readonly destination_id: string;
  readonly delivery_id: string;
  readonly lease_token: string;
  readonly status: "pending" | "retrying" | "delivered" | "exhausted" | "skipped";
  readonly skip_reason: string | null;
  readonly next_attempt_at: Date | null;
  readonly delivered_at: Date | null;
  /** When the attempt began; null when none was made, and all that follows is null then. */
  readonly at: Date | null;
  readonly status_code: number | null;
  readonly error_class: string | null;
  readonly error: string | null;
  /** Until when the destination asked to be left alone. */
  readonly hold_until: Date | null;
  readonly request_headers: Readonly<Record<string, string>> | null;
  /** Its own part of it, when the body is a list. */
  readonly request_body: string | null;
  /** The deliveries in that list, in its order. */
  readonly batch_delivery_ids: readonly string[] | null;
  readonly response_headers: Readonly<Record<string, string>> | null;
  readonly response_body: string | null;
  /** In milliseconds; null for a step that was not needed or not reached. */
  readonly dns_ms: number | null;
  readonly connect_ms: number | null;
  readonly tls_ms: number | null;
  readonly first_byte_ms: number | null;
  readonly total_ms: number | null;
}

const settleStatement: Statement = {
  name: "settle_deliveries",
  text: "SELECT settle_deliveries($1::jsonb) AS more",
};

/**
 * Writes outcomes and their attempts; one whose lease was lost meanwhile changes nothing.
 * @returns whether something that waited for one of them can be sent now
 */
export async function settleDeliveries(
  db: Queryable,
  outcomes: readonly Outcome[],
): Promise<boolean> {
  const rows = await db.query<{ more: boolean }>(settleStatement, [JSON.stringify(outcomes)]);
  return rows[0]?.more === true;
}
