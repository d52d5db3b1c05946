import type { CreateDestination, OperationalEventType } from "@slotwire/contract";

/** The types of alerts. */
export const alertTypes = [
  "alert.opened",
  "alert.resolved",
] as const satisfies OperationalEventType[];

type EventTypes = CreateDestination["event_types"];

/** The events that a filled form of a destination asks for; none when nothing is ticked. */
export function eventTypesIn(form: FormData): EventTypes {
  const ticked = form.getAll("event_types") as EventTypes;
  return form.get("event_choice") === "every" ? ["*", ...ticked] : ticked;
}

/** Whether a destination that asks for some events hears of one type. */
export function asksFor(chosen: readonly string[], type: string): boolean {
  return chosen.includes(type) || (isOfAlerts(type) && chosen.includes("alert.*"));
}

/** Whether a type is one of alerts: they come only to whoever asks for them. */
export function isOfAlerts(type: string): boolean {
  return type.startsWith("alert.");
}
