import { feedsEn } from "./feeds-en.ts";

/** Texts of calendar feeds: no part of the first load. */
export type FeedMessages = typeof feedsEn;

/** Those in use. */
export const feeds: FeedMessages = feedsEn;
