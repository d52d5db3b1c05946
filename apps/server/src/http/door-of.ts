import type { Door } from "../inbox/admit-message.ts";
import { MessageLimit } from "../inbox/connections/message-limit.ts";
import { RefusalNotes } from "../inbox/connections/refusal-notes.ts";
import type { Hub } from "./app.types.ts";

const doors = new WeakMap<Hub, Door>();

/** What stands at the door of a hub's inbox: one, whatever address a message is sent to. */
export function doorOf(hub: Hub): Door {
  const known = doors.get(hub);
  if (known !== undefined) return known;
  const door: Door = {
    directory: hub.connections,
    limit: new MessageLimit(hub.clock),
    guesses: new MessageLimit(hub.clock),
    refusals: new RefusalNotes(hub),
  };
  doors.set(hub, door);
  return door;
}
