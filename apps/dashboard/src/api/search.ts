import type { DeliveryStatus, InboundMessageStatus } from "@slotwire/contract";

/** What the inbox is narrowed to, as it stands in the address. */
export interface InboxSearch {
  status?: InboundMessageStatus;
}

/** What the deliveries are narrowed to, as it stands in the address. */
export interface DeliveriesSearch {
  status?: DeliveryStatus;
  /** The destination's id. */
  destination?: string;
}
