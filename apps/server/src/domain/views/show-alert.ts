import type { AlertResource } from "@slotwire/contract";
import type { Detail } from "./view.ts";

/** An alert as somebody is shown it: what a source said may name people. */
export function showAlert(alert: AlertResource, detail: Detail): AlertResource {
  // The names of fields are a program's, in whatever view.
  if (detail === "full" || alert.kind === "unknown_fields") return alert;
  return { ...alert, details: [] };
}
