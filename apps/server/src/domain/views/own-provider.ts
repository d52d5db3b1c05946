import type { CreateBooking } from "@slotwire/contract";
import { SlotwireError } from "../../errors.ts";
import type { Own } from "./view.ts";

/**
 * The provider of a booking that somebody creates who has only bookings of their own: themselves.
 * @param given the provider that the request names, if any
 * @param name what they are called, unless the request says so
 * @throws SlotwireError E_FORBIDDEN when it names somebody else, or they are no provider
 */
export function ownProvider(
  { providerEmail }: Own,
  given: CreateBooking["provider"],
  name: string | null,
): { name: string | null; email: string } {
  if (providerEmail === null) {
    const detail = "Nobody has set which provider's bookings are yours.";
    throw new SlotwireError("E_FORBIDDEN", { detail });
  }
  const named = given?.email ?? null;
  if (named !== null && named.toLowerCase() !== providerEmail) {
    const detail = "Your role creates bookings for yourself alone.";
    throw new SlotwireError("E_FORBIDDEN", { detail });
  }
  return { name: given?.name ?? name, email: providerEmail };
}
