import type { NewDestination } from "@slotwire/client";
import type { CreateDestination } from "@slotwire/contract";

/** The new destination that a filled form describes. The hub checks it. */
export function destinationInForm(form: FormData): NewDestination {
  const text = (name: string): string => {
    const value = form.get(name);
    return typeof value === "string" ? value.trim() : "";
  };
  const key = text("key");
  const chosen = form.getAll("event_types") as CreateDestination["event_types"];
  return {
    name: text("name"),
    url: text("url"),
    profile: text("profile") as CreateDestination["profile"],
    // Nothing ticked means that nobody chose: everything is the safe reading.
    event_types: text("event_choice") === "every" || chosen.length === 0 ? ["*"] : chosen,
    payload_mode: (text("payload_mode") || undefined) as CreateDestination["payload_mode"],
    ordering: text("ordering") as CreateDestination["ordering"],
    ...(key === "" ? {} : { key }),
  };
}
