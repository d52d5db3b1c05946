import { accessEn } from "./access-en.ts";

/** Texts of signing in, of the account and of the settings: no part of the first load. */
export type AccessMessages = typeof accessEn;

/** Those in use. */
export const access: AccessMessages = accessEn;
