import { outboundEn } from "./outbound-en.ts";

/** Texts of deliveries and destinations: no part of the first load. */
export type OutboundMessages = typeof outboundEn;

/** Those in use. */
export const outbound: OutboundMessages = outboundEn;
