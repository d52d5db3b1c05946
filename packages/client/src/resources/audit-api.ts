import type { AuditActorResource, AuditEntry, AuditQuery, List } from "@slotwire/contract";
import type { Transport } from "../transport.ts";

/** What the audit log can be narrowed to; all that is given has to fit. */
export type AuditListQuery = Partial<Omit<AuditQuery, "limit">> & { readonly limit?: number };

export interface AuditApi {
  /** Who did what, the newest first. */
  list(query?: AuditListQuery): Promise<List<AuditEntry>>;
  /** Who ever did something, also those who have left since. */
  actors(): Promise<List<AuditActorResource>>;
}

export function auditApi(transport: Transport): AuditApi {
  return {
    list: (query = {}) => transport.json("GET", "/api/v1/audit", { query }),
    actors: () => transport.json("GET", "/api/v1/audit/actors"),
  };
}
