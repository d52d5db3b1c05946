import type { AuditEntry } from "@slotwire/contract";
import { access } from "../../messages/access.ts";

/** One field that differs, in words. */
export interface Change {
  readonly field: string;
  readonly before: string;
  readonly after: string;
}

/** What changed, in the order in which the hub names it. What was and is empty is left out. */
export function changesOf(entry: Pick<AuditEntry, "old" | "new">): Change[] {
  const before = entry.old ?? {};
  const after = entry.new ?? {};
  const fields = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...fields]
    .map((field) => ({
      field: field.replaceAll("_", " "),
      before: inWords(before[field]),
      after: inWords(after[field]),
    }))
    .filter((change) => change.before !== change.after);
}

function inWords(value: unknown): string {
  if (value === null || value === undefined || value === "") return access.audit.empty;
  if (typeof value === "boolean") return value ? access.audit.yes : access.audit.no;
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) {
    return value.length === 0 ? access.audit.empty : value.join(", ");
  }
  return JSON.stringify(value);
}
