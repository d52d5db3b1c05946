import type {
  List,
  MemberKeys,
  MemberResource,
  PageQuery,
  Role,
  UpdatedMember,
  UpdateMember,
} from "@slotwire/contract";
import type { Calls } from "./resource.ts";

export interface MembersApi {
  list(query?: Partial<PageQuery>): Promise<List<MemberResource>>;
  update(userId: string, changes: UpdateMember): Promise<UpdatedMember>;
  /** What would become of the keys that the person made, with this role or without any. */
  keys(userId: string, query?: { role?: Role }): Promise<MemberKeys>;
  /** Ends the person's sessions here. One may always remove oneself, unless one is the last owner. */
  remove(userId: string, query?: { revoke_keys?: "true" | "false" }): Promise<MemberKeys>;
}

export const membersCalls: Calls<MembersApi> = {
  list: "GET?",
  update: "PATCH/:!",
  keys: "GET/:/keys?",
  remove: "DELETE/:?",
};
