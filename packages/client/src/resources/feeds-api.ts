import type { CreatedFeed, CreateFeed, FeedResource, List, PageQuery } from "@slotwire/contract";
import type { Transport } from "../transport.ts";

export interface FeedsApi {
  list(query?: Partial<PageQuery>): Promise<List<FeedResource>>;
  /** The answer is the only one that shows the feed's address. */
  create(feed: CreateFeed): Promise<CreatedFeed>;
  /** Its address shows nothing any more. */
  remove(id: string): Promise<void>;
}

export function feedsApi(transport: Transport): FeedsApi {
  const path = "/api/v1/feeds";
  return {
    list: (query = {}) => transport.json("GET", path, { query }),
    create: (body) => transport.json("POST", path, { body }),
    remove: (id) => transport.json("DELETE", `${path}/${encodeURIComponent(id)}`),
  };
}
