import type {
  List,
  MemberKeys,
  MemberResource,
  PageQuery,
  Role,
  UpdatedMember,
  UpdateMember,
} from "@slotwire/contract";
import type { Transport } from "../transport.ts";

export interface MembersApi {
  list(query?: Partial<PageQuery>): Promise<List<MemberResource>>;
  update(userId: string, changes: UpdateMember): Promise<UpdatedMember>;
  /** What would become of the keys that the person made, with this role or without any. */
  keys(userId: string, query?: { role?: Role }): Promise<MemberKeys>;
  /** Ends the person's sessions here. One may always remove oneself, unless one is the last owner. */
  remove(userId: string, query?: { revoke_keys?: "true" | "false" }): Promise<MemberKeys>;
}

export function membersApi(transport: Transport): MembersApi {
  const path = "/api/v1/members";
  const one = (userId: string): string => `${path}/${encodeURIComponent(userId)}`;
  return {
    list: (query = {}) => transport.json("GET", path, { query }),
    update: (userId, body) => transport.json("PATCH", one(userId), { body }),
    keys: (userId, query = {}) => transport.json("GET", `${one(userId)}/keys`, { query }),
    remove: (userId, query = {}) => transport.json("DELETE", one(userId), { query }),
  };
}
