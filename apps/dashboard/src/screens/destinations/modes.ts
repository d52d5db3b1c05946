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

/**
 * What a profile's destinations can do beyond bookings, one at a time. The contract's own lists
 * stand in modules that would bring its validator into the page; a test compares them.
 */
export const abilities: Readonly<
  Record<DestinationResource["profile"], { readonly alerts: boolean; readonly batches: boolean }>
> = {
  standard: { alerts: true, batches: true },
  external_calendar: { alerts: false, batches: false },
  make: { alerts: false, batches: true },
  crm: { alerts: false, batches: false },
  slack: { alerts: true, batches: false },
  supabase: { alerts: false, batches: false },
  plain: { alerts: true, batches: true },
};

/** What a profile's destinations can be sent, and what each means. */
export function modeOptions(profile: DestinationResource["profile"]): Record<string, string> {
  const words = outbound.destination;
  const compat = words.compat[profile] ?? words.modes.compat;
  return Object.fromEntries(
    modes[profile].map((mode) => [mode, mode === "compat" ? compat : words.modes[mode]]),
  );
}
