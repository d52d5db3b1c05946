import { operateEn } from "./operate-en.ts";

/** Texts of the operator's screens: no part of the first load. */
export type OperateMessages = typeof operateEn;

/** Those in use. */
export const operate: OperateMessages = operateEn;
