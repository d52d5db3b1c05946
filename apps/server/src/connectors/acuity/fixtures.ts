import { readFileSync } from "node:fs";

/** The fields of a message about the appointment of {@link acuityAppointment}. */
export function acuityMessage(action: string, id = "54321"): Record<string, string> {
  return { action, id, calendarID: "27238", appointmentTypeID: "4711" };
}

/** The same as it goes over the wire. */
export function acuityBody(action: string, id = "54321"): Buffer {
  return Buffer.from(new URLSearchParams(acuityMessage(action, id)).toString());
}

/**
 * What the API answers about an appointment, written by hand in the documented shape.
 * @param changes what it says instead
 */
export function acuityAppointment(changes: Record<string, unknown> = {}): Record<string, unknown> {
  const url = new URL("./fixtures/appointment.json", import.meta.url);
  const appointment = JSON.parse(readFileSync(url, "utf8")) as Record<string, unknown>;
  return { ...appointment, ...changes };
}
