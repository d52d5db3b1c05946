import { knownContacts, maskText } from "../domain/views/known-contacts.ts";
import type { View } from "../domain/views/view.ts";
import { SlotwireError } from "../errors.ts";

/** What somebody narrows a stream by, as far as it is hidden from some. */
export interface PersonalFilter {
  /** Whether it names members. */
  readonly members: boolean;
  /** Whether it names providers by their addresses. */
  readonly addresses: boolean;
  readonly location: string | null;
}

const nobody = knownContacts(undefined);

/**
 * Nobody finds by a filter what is hidden from them: the events that come would tell it.
 * @param view what they are shown of events
 * @throws SlotwireError E_FORBIDDEN
 */
export function requireShownFilter({ detail }: View, filter: PersonalFilter): void {
  const refusal = refusalOf(detail, filter);
  if (refusal !== null) throw new SlotwireError("E_FORBIDDEN", { detail: refusal });
}

function refusalOf(
  detail: View["detail"],
  { members, addresses, location }: PersonalFilter,
): string | null {
  if (detail === "full") return null;
  if (detail === "ids") {
    if (members || addresses) return "You may not filter by person.";
    return location === null ? null : "You may not filter by location, as you are not shown any.";
  }
  if (addresses) {
    return "You may not filter by addresses, as you are not shown them. Filter by members' ids.";
  }
  const isHidden = location !== null && maskText(location, nobody) !== location;
  return isHidden ? "You may not filter by contact data, as you are not shown it." : null;
}
