import type { MakeTarget } from "./make-config.ts";
import { type MakeEvent, type MakeEventData, makePayload } from "./make-payload.ts";
import type { MakeMessage } from "./post-to-make.ts";

/**
 * Writes an event's body, once for all tries.
 * @returns in words why there is none, where programs without types hand over what is no event
 */
export function writeMessage(
  event: MakeEvent,
  data: MakeEventData | null,
  { environment, appUrl }: MakeTarget,
): MakeMessage | string {
  const wrong = wrongWith(event);
  if (wrong !== null) return wrong;
  try {
    const payload = makePayload(event, data ?? {}, { environment, appUrl, now: new Date() });
    return { id: `msg_${payload.event_id}`, body: JSON.stringify(payload) };
  } catch (error) {
    return `The event cannot be written as JSON: ${causeOf(error)}`;
  }
}

function wrongWith(event: unknown): string | null {
  if (event === undefined || event === null) return `There is no event: it is ${String(event)}.`;
  if (typeof event !== "object" || Array.isArray(event)) {
    return `The event has to be an object, not ${Array.isArray(event) ? "a list" : `a ${typeof event}`}.`;
  }
  const type: unknown = "event_type" in event ? event.event_type : undefined;
  return typeof type === "string" && type.trim() !== ""
    ? null
    : "The event has no event_type: name what happened, like cancelled.";
}

function causeOf(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  if (/bigint/i.test(words)) return "it holds a BigInt. Make a number or a text of it.";
  if (/circular|cyclic/i.test(words)) return "it holds itself (a circular reference).";
  return words;
}
