import type { CreatedFeed, CreateFeed, FeedResource, List, PageQuery } from "@slotwire/contract";
import type { Calls } from "./resource.ts";

export interface FeedsApi {
  list(query?: Partial<PageQuery>): Promise<List<FeedResource>>;
  /** The answer is the only one that shows the feed's address. */
  create(feed: CreateFeed): Promise<CreatedFeed>;
  /** Its address shows nothing any more. */
  remove(id: string): Promise<void>;
}

export const feedsCalls: Calls<FeedsApi> = { list: "GET?", create: "POST!", remove: "DELETE/:" };
