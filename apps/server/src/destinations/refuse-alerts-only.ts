import { SlotwireError } from "../errors.ts";
import { profileOf } from "./encode-delivery.ts";

/**
 * Keeps a destination from asking for alerts alone where its profile understands bookings alone:
 * it would never be sent anything.
 * @throws SlotwireError E_VALIDATION
 */
export function refuseAlertsOnly(destination: {
  readonly profile: string;
  readonly event_types: readonly string[];
}): void {
  const profile = profileOf(destination);
  if (profile.encodeOperational !== undefined) return;
  if (destination.event_types.some((type) => !type.startsWith("alert."))) return;
  const message = `The profile ${profile.name} hears of bookings alone: choose events of bookings, or another profile.`;
  throw new SlotwireError("E_VALIDATION", { errors: [{ path: "body.event_types", message }] });
}
