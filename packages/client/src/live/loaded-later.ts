/**
 * What is of use once a connection is opened, in one piece. It imports nothing that is loaded before:
 * bundlers would put that into a third piece.
 */
export { shareAmongTabs } from "./share-among-tabs.ts";
export { createStreamReader } from "./stream-reader.ts";
