import { customersEn } from "./customers-en.ts";

/** Texts of customers and links: no part of the first load. */
export type CustomerMessages = typeof customersEn;

/** Those in use. */
export const customers: CustomerMessages = customersEn;
