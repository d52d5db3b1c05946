import type {
  ApiKeyResource,
  CreateApiKey,
  CreatedApiKey,
  ApiKeysQuery,
  List,
  RevokedKeys,
} from "@slotwire/contract";
import type { Transport } from "../transport.ts";

export interface ApiKeysApi {
  list(query?: Partial<ApiKeysQuery>): Promise<List<ApiKeyResource>>;
  /** The answer is the only one that shows the key. */
  create(key: CreateApiKey): Promise<CreatedApiKey>;
  /** Ends the keys that it made, too. `made_by_key` of the list tells them before. */
  revoke(id: string): Promise<RevokedKeys>;
}

export function apiKeysApi(transport: Transport): ApiKeysApi {
  const path = "/api/v1/api-keys";
  return {
    list: (query = {}) => transport.json("GET", path, { query }),
    create: (body) => transport.json("POST", path, { body }),
    revoke: (id) => transport.json("DELETE", `${path}/${encodeURIComponent(id)}`),
  };
}
