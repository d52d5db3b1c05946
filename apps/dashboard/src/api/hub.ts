import { createClient } from "@slotwire/client";

/** The hub that served this page. */
export const hub = createClient();
