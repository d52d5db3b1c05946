import type { View } from "../domain/views/view.ts";
import { SlotwireError } from "../errors.ts";

/**
 * Keeps whoever is not shown contact data from writing it: they would overwrite what they do not see,
 * and learn who else has it.
 * @param input what they want to write: an address, a number or an id, or null to take it away
 * @throws SlotwireError E_FORBIDDEN
 */
export function requireContacts(
  { detail }: View,
  input: { readonly email?: unknown; readonly phone?: unknown; readonly external_id?: unknown },
): void {
  const given = (["email", "phone", "external_id"] as const).filter(
    (field) => input[field] !== undefined,
  );
  if (detail === "full" || given.length === 0) return;
  throw new SlotwireError("E_FORBIDDEN", {
    detail: `You are not shown contact data, so you cannot set ${given.join(", ")}. Leave it out, or ask somebody who is shown it.`,
  });
}
