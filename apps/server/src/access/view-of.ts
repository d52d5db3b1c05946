import type { View } from "../domain/views/view.ts";
import { type Action, can, grantOf } from "./can.ts";
import type { Principal } from "./principal.ts";

/** What a principal is shown of what `action` lets them read: from the one table. */
export function viewOf(principal: Principal, action: Action): View {
  const { orgId, role, hideContacts, providerEmail } = principal;
  const grant = grantOf(principal, action);
  const isHidden = !can(principal, "contacts:read") || (role === "staff" && hideContacts);
  // A key may see contact data and bookings by different scopes: neither gives the other.
  const whole = isHidden ? "masked" : "full";
  return {
    orgId,
    detail: grant === "all" || grant === "own" ? whole : "ids",
    own: grant === "own" ? { providerEmail } : null,
  };
}
