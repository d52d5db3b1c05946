import type { DeliveryStatus, InboundMessageStatus } from "@slotwire/contract";
import { en } from "../messages/en.ts";

// Taken from the catalogue, whose completeness the compiler checks: the contract's own lists stand
// in modules that would bring its validator (zod, 92 KB) into the page.

/** The states of an inbound message, in the order in which people are offered them. */
export const inboundMessageStatuses = Object.keys(en.inbox.status) as InboundMessageStatus[];

/** The states of a delivery, in the order in which people are offered them. */
export const deliveryStatuses = Object.keys(en.deliveries.status) as DeliveryStatus[];
