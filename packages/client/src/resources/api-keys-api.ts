import type {
  ApiKeyResource,
  CreateApiKey,
  CreatedApiKey,
  ApiKeysQuery,
  List,
  RevokedKeys,
} from "@slotwire/contract";
import type { Calls } from "./resource.ts";

export interface ApiKeysApi {
  list(query?: Partial<ApiKeysQuery>): Promise<List<ApiKeyResource>>;
  /** The answer is the only one that shows the key. */
  create(key: CreateApiKey): Promise<CreatedApiKey>;
  /** Ends the keys that it made, too. `made_by_key` of the list tells them before. */
  revoke(id: string): Promise<RevokedKeys>;
}

export const apiKeysCalls: Calls<ApiKeysApi> = {
  list: "GET?",
  create: "POST!",
  revoke: "DELETE/:",
};
