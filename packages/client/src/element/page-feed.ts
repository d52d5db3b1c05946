import { createLiveFeed, type LiveFeed } from "../live/live-feed.ts";
import { createTransport, type TransportOptions } from "../transport.ts";

/** By what an element shows who reads. */
export interface Reader {
  readonly baseUrl: string;
  /** The token that stands in the page; null when none does. */
  readonly token: string | null;
  readonly getToken: TransportOptions["getToken"];
  readonly getTicket: TransportOptions["getTicket"];
}

/** A feed, and the reader whose it is. */
export interface PageFeed {
  /** Replaced when the page gives its elements other functions: frameworks make them anew all the time. */
  reader: Reader;
  readonly feed: LiveFeed;
}

/** Those of this page: elements of the same reader share a connection, also where tabs cannot. */
let feeds: readonly PageFeed[] = [];

/** The feed of a reader, which is made when there is none. */
export function pageFeedOf(reader: Reader): PageFeed {
  feeds = feeds.filter(({ feed }) => feed.subscriptionCount > 0 || feed.state.status !== "idle");
  const names = Object.keys(reader) as (keyof Reader)[];
  const found = feeds.find((one) => names.every((name) => one.reader[name] === reader[name]));
  if (found !== undefined) return found;
  const transport = createTransport(optionsOf(reader, () => made.reader));
  const made: PageFeed = { reader, feed: createLiveFeed(transport) };
  feeds = [...feeds, made];
  return made;
}

function optionsOf(
  { baseUrl, token, getToken, getTicket }: Reader,
  now: () => Reader,
): TransportOptions {
  if (getTicket !== undefined) return { baseUrl, getTicket: () => now().getTicket?.() ?? "" };
  if (getToken !== undefined) return { baseUrl, getToken: () => now().getToken?.() ?? "" };
  return token === null ? { baseUrl } : { baseUrl, apiKey: token };
}
