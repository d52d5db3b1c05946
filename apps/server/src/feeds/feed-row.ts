import type { FeedResource } from "@slotwire/contract";

/** A feed as it is listed. */
export interface FeedRow {
  readonly id: string;
  readonly name: string;
  readonly scope: FeedResource["scope"];
  readonly provider_email: string | null;
  readonly customer_id: string | null;
  readonly customer_name: string | null;
  readonly shows_names: boolean;
  readonly days_back: number;
  readonly days_ahead: number;
  readonly created_by: string | null;
  readonly created_at: Date;
  readonly last_read_at: Date | null;
}

/** The row as people are told of it. */
export function feedResource(row: FeedRow): FeedResource {
  const { customer_id: customerId, customer_name: customerName, ...rest } = row;
  return {
    ...rest,
    customer: customerId === null ? null : { id: customerId, name: customerName ?? "" },
    created_at: row.created_at.toISOString(),
    last_read_at: row.last_read_at?.toISOString() ?? null,
  };
}
