import { changesEn } from "./changes-en.ts";

/** Texts of changing a booking. */
export type ChangeMessages = typeof changesEn;

/** Those in use. */
export const changes: ChangeMessages = changesEn;
