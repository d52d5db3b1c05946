import type { Transport, TransportOptions } from "./transport.ts";

/** Publishable keys (`sw_pk_…`), and stream tokens, which are JSON Web Tokens. */
const forStreams = /^(sw_pk_|eyJ)/;

/** Whether the hub may tell who asks who they are and where: not by what opens a stream and nothing else. */
export async function opensSession(
  { token }: Pick<Transport, "token">,
  { getTicket }: Pick<TransportOptions, "getTicket">,
): Promise<boolean> {
  return getTicket === undefined && !forStreams.test((await token()) ?? "");
}
