import type { StreamPage } from "@slotwire/contract";
import type { Query, Transport } from "../transport.ts";
import { whoseLog } from "./whose-log.ts";

/** A page of the log, whose log it is, and as whom it was read. */
export interface LogPage extends StreamPage {
  readonly whose: string | null;
}

/** How much longer than it was asked to wait a page may take, in milliseconds. */
const PATIENCE = 15_000;

/**
 * Asks for a page of the hub's stream: what an open stream would have sent by now.
 * @throws ApiError when the hub refuses; Error when something else answers, or nobody does in time
 */
export async function readPage(
  transport: Transport,
  query: Query & { readonly wait?: number },
  signal: AbortSignal,
): Promise<LogPage> {
  const timeout = AbortSignal.timeout((query.wait ?? 0) * 1000 + PATIENCE);
  const response = await transport.send("GET", "/api/v1/stream", {
    query,
    accept: "application/json",
    signal: AbortSignal.any([signal, timeout]),
  });
  const page = (await response.json()) as StreamPage;
  return {
    ...page,
    // Throws where something in between answers with JSON of its own.
    data: [...page.data],
    // A page that leads no further was kept by something in between: it would be asked for without end.
    more: page.more && page.position > Number(query["after"] ?? -1),
    whose: whoseLog(response.headers),
  };
}
