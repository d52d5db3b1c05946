import { demoEn } from "./demo-en.ts";

/** Texts of the demo page: no part of the first load. */
export type DemoMessages = typeof demoEn;

/** Those in use. */
export const demo: DemoMessages = demoEn;
