import type { List, MemberResource, PageQuery, UpdateMember } from "@slotwire/contract";
import type { Transport } from "../transport.ts";

export interface MembersApi {
  list(query?: Partial<PageQuery>): Promise<List<MemberResource>>;
  update(userId: string, changes: UpdateMember): Promise<MemberResource>;
  /** Ends the person's sessions here. One may always remove oneself, unless one is the last owner. */
  remove(userId: string): Promise<void>;
}

export function membersApi(transport: Transport): MembersApi {
  const path = "/api/v1/members";
  const one = (userId: string): string => `${path}/${encodeURIComponent(userId)}`;
  return {
    list: (query = {}) => transport.json("GET", path, { query }),
    update: (userId, body) => transport.json("PATCH", one(userId), { body }),
    remove: (userId) => transport.json("DELETE", one(userId)),
  };
}
