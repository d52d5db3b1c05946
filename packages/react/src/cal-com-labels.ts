import type { Language } from "./messages/en.ts";

/** Everything that `CalComEmbedWithPrefill` says; the booking form itself is Cal.com's. */
export type CalComLabels = Readonly<Language["calCom"]>;
