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
import type { Calls, MakeMethod } from "./resource.ts";

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

const again =
  (dry_run: boolean) =>
  (make: MakeMethod) =>
  <Answer>(choice: MessageChoice): Promise<Answer> =>
    "id" in choice
      ? make("POST/:/reprocess!")(choice.id, { dry_run })
      : make("POST/reprocess!")({ ...choice, dry_run });

export const inboundMessagesCalls: Calls<InboundMessagesApi> = {
  list: "GET?",
  get: "GET/:",
  planReprocess: again(true),
  reprocess: again(false),
  reprocessJob: "GET//reprocess-jobs/:",
  reprocessResults: "GET//reprocess-jobs/:/results?",
  cancelReprocess: "DELETE//reprocess-jobs/:",
};
