import type {
  InboundMessageDetail,
  InboundMessageListQuery,
  InboundMessageResource,
  List,
} from "@slotwire/contract";
import type { Transport } from "../transport.ts";

export interface InboundMessagesApi {
  list(query?: Partial<InboundMessageListQuery>): Promise<List<InboundMessageResource>>;
  /** One message with its raw body. */
  get(id: string): Promise<InboundMessageDetail>;
}

export function inboundMessagesApi(transport: Transport): InboundMessagesApi {
  const path = "/api/v1/inbound-messages";
  return {
    list: (query = {}) => transport.json("GET", path, { query }),
    get: (id) => transport.json("GET", `${path}/${encodeURIComponent(id)}`),
  };
}
