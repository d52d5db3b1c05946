import { createClient, type SlotwireClient } from "../create-client.ts";

let client: SlotwireClient | undefined;

/** The client of those who name none: of the hub that served the page, made when it is first used. */
export function defaultClient(): SlotwireClient {
  return (client ??= createClient());
}

/** Makes a client the one of all who name none. Who has subscribed before stays where they are. */
export function setDefaultClient(next: SlotwireClient): void {
  client = next;
}
