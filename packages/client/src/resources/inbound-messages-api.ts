import type {
  InboundMessageDetail,
  InboundMessageFilter,
  InboundMessageListQuery,
  InboundMessageResource,
  List,
  PageQuery,
  ReprocessJobResource,
  ReprocessPlan,
  ReprocessResultResource,
} from "@slotwire/contract";
import type { Transport } from "../transport.ts";

/** One message, or all that a filter means. */
export type MessageChoice = { readonly id: string } | { readonly filter: InboundMessageFilter };

export interface InboundMessagesApi {
  list(query?: Partial<InboundMessageListQuery>): Promise<List<InboundMessageResource>>;
  /** One message with its raw body, and what it changed. */
  get(id: string): Promise<InboundMessageDetail>;
  /** What processing them again would change. Changes nothing. */
  planReprocess(choice: MessageChoice): Promise<ReprocessPlan>;
  /** Has them processed again. What they change cannot be undone. */
  reprocess(choice: MessageChoice): Promise<ReprocessJobResource>;
  reprocessJob(id: string): Promise<ReprocessJobResource>;
  reprocessResults(id: string, page?: Partial<PageQuery>): Promise<List<ReprocessResultResource>>;
  /** Stops a job before its next message. */
  cancelReprocess(id: string): Promise<ReprocessJobResource>;
}

export function inboundMessagesApi(transport: Transport): InboundMessagesApi {
  const path = "/api/v1/inbound-messages";
  const job = (id: string): string => `/api/v1/reprocess-jobs/${encodeURIComponent(id)}`;
  const again = <Answer>(choice: MessageChoice, dry_run: boolean): Promise<Answer> =>
    "id" in choice
      ? transport.json("POST", `${path}/${encodeURIComponent(choice.id)}/reprocess`, {
          body: { dry_run },
        })
      : transport.json("POST", `${path}/reprocess`, { body: { filter: choice.filter, dry_run } });
  return {
    list: (query = {}) => transport.json("GET", path, { query }),
    get: (id) => transport.json("GET", `${path}/${encodeURIComponent(id)}`),
    planReprocess: (choice) => again(choice, true),
    reprocess: (choice) => again(choice, false),
    reprocessJob: (id) => transport.json("GET", job(id)),
    reprocessResults: (id, page = {}) =>
      transport.json("GET", `${job(id)}/results`, { query: page }),
    cancelReprocess: (id) => transport.json("DELETE", job(id)),
  };
}
