import type { DestinationResource, PayloadMode } from "@slotwire/contract";
import { outbound } from "../../messages/outbound.ts";

/** The payload modes that each profile knows, its own choice first. */
const modes: Readonly<Record<DestinationResource["profile"], readonly PayloadMode[]>> = {
  standard: ["thin", "full"],
  external_calendar: ["thin", "compat", "full"],
  make: ["thin", "full"],
  crm: ["compat"],
  slack: ["thin", "full"],
  supabase: ["thin", "full"],
  plain: ["thin", "full"],
};

/** What a profile's destinations can be sent, and what each means. */
export function modeOptions(profile: DestinationResource["profile"]): Record<string, string> {
  return Object.fromEntries(modes[profile].map((mode) => [mode, outbound.destination.modes[mode]]));
}
