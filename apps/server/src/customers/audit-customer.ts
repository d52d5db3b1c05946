import type { AuditAction } from "@slotwire/contract";
import { type Author, recordAudit } from "../access/record-audit.ts";
import type { Queryable } from "../db/database.ts";

/**
 * A line about a customer or what is theirs. Lines cannot be removed, so they name fields and
 * nothing personal.
 */
export function auditCustomer(
  tx: Queryable,
  author: Author,
  line: {
    readonly at: Date;
    readonly action: Extract<AuditAction, `customer.${string}` | `subject.${string}`>;
    readonly id: string;
    readonly fields: readonly string[];
  },
): Promise<void> {
  const { at, action, id, fields } = line;
  return recordAudit(tx, { ...author, at, action, entityId: id, new: { fields } });
}
