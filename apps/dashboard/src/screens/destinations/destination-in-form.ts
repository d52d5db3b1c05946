import type { NewDestination } from "@slotwire/client";
import type { CreateDestination } from "@slotwire/contract";
import { eventTypesIn } from "./event-types-in.ts";

/** The new destination that a filled form describes. The hub checks it. */
export function destinationInForm(form: FormData): NewDestination {
  const text = (name: string): string => {
    const value = form.get(name);
    return typeof value === "string" ? value.trim() : "";
  };
  const key = text("key");
  return {
    name: text("name"),
    url: text("url"),
    profile: text("profile") as CreateDestination["profile"],
    event_types: eventTypesIn(form),
    payload_mode: (text("payload_mode") || undefined) as CreateDestination["payload_mode"],
    ordering: text("ordering") as CreateDestination["ordering"],
    ...(key === "" ? {} : { key }),
  };
}
