import type {
  ApiKeyResource,
  CreateApiKey,
  CreatedApiKey,
  List,
  PageQuery,
} from "@slotwire/contract";
import type { Transport } from "../transport.ts";

export interface ApiKeysApi {
  list(query?: Partial<PageQuery>): Promise<List<ApiKeyResource>>;
  /** The answer is the only one that shows the key. */
  create(key: CreateApiKey): Promise<CreatedApiKey>;
  revoke(id: string): Promise<void>;
}

export function apiKeysApi(transport: Transport): ApiKeysApi {
  const path = "/api/v1/api-keys";
  return {
    list: (query = {}) => transport.json("GET", path, { query }),
    create: (body) => transport.json("POST", path, { body }),
    revoke: (id) => transport.json("DELETE", `${path}/${encodeURIComponent(id)}`),
  };
}
