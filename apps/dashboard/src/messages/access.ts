import { accountEn } from "./account-en.ts";
import { auditEn } from "./audit-en.ts";
import { settingsEn } from "./settings-en.ts";

const accessEn = { ...accountEn, ...settingsEn, audit: auditEn };

/** Texts of signing in, of the account and of the settings: no part of the first load. */
export type AccessMessages = typeof accessEn;

/** Those in use. */
export const access: AccessMessages = accessEn;
