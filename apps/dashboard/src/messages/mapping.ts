import { mappingEn } from "./mapping-en.ts";

/** Texts of saying what a source's messages mean. */
export type MappingMessages = typeof mappingEn;

/** Those in use. */
export const mappingWords: MappingMessages = mappingEn;
