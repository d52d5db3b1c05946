import type { MappedField } from "@slotwire/contract";
import { mappingWords } from "../../messages/mapping.ts";
import type { Target } from "./draft.ts";

/** What people call a field of ours, or a value that is kept. */
export function nameOf(target: Target): string {
  const known: Readonly<Record<string, string>> = mappingWords.fields satisfies Record<
    MappedField,
    string
  >;
  return known[target] ?? target.replace(/^metadata\./, "");
}
