import { isRecord } from "../../domain/is-record.ts";
import { cleanText } from "../clean-text.ts";
import type { Interpretation } from "../connector.ts";
import { failed } from "./errors.ts";
import { messageSchema } from "./schema.ts";

const MAX_ACTION = 100;

/** What happened to an appointment, in words. `changed` comes beside each of the others. */
const actions: ReadonlyMap<string, string> = new Map([
  ["scheduled", "was booked"],
  ["rescheduled", "was moved"],
  ["canceled", "was cancelled"],
  ["changed", "was changed"],
]);

/**
 * Understands the fields of Acuity's form. Pure and total: see {@link Connector.interpret}. They
 * only name an appointment: the API tells what it is.
 */
export function interpret(body: unknown): Interpretation {
  if (!isRecord(body)) return failed(null, "noObject");
  const trigger = cleanText(body["action"], MAX_ACTION);
  if (trigger === null) return failed(null, "noAction");
  // Webhooks that were made by the API may carry the event's whole name.
  const words = actions.get(trigger.replace(/^appointment\./, ""));
  if (words === undefined) {
    return { outcome: "ignored", trigger, reason: `${trigger} does not change an appointment` };
  }
  const message = messageSchema.safeParse(body);
  if (!message.success) return failed(trigger, "id");
  const { id } = message.data;
  return { outcome: "fetch", trigger, id, summary: `appointment ${id} ${words}` };
}
