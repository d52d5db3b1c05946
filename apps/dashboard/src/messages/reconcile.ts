import { reconcileEn } from "./reconcile-en.ts";

/** Texts of comparing the ledger with a source: no part of the first load. */
export type ReconcileMessages = typeof reconcileEn;

/** Those in use. */
export const reconcile: ReconcileMessages = reconcileEn;
