import type { AuditActorResource, AuditEntry, AuditQuery, List } from "@slotwire/contract";
import type { Calls } from "./resource.ts";

/** What the audit log can be narrowed to; all that is given has to fit. */
export type AuditListQuery = Partial<Omit<AuditQuery, "limit">> & { readonly limit?: number };

export interface AuditApi {
  /** Who did what, the newest first. */
  list(query?: AuditListQuery): Promise<List<AuditEntry>>;
  /** Who ever did something, also those who have left since. */
  actors(): Promise<List<AuditActorResource>>;
}

export const auditCalls: Calls<AuditApi> = { list: "GET?", actors: "GET/actors" };
