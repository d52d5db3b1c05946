import { SlotwireError } from "../errors.ts";
import { profileOf } from "./encode-delivery.ts";

/**
 * Keeps a destination from asking for bodies that its profile cannot write.
 * @param at where in the request it stands
 * @throws SlotwireError E_VALIDATION
 */
export function refuseUnknownMode(
  destination: { readonly profile: string; readonly payload_mode: string },
  at = "body",
): void {
  const { name, modes } = profileOf(destination);
  if (modes.some((mode) => mode === destination.payload_mode)) return;
  const message = `The profile ${name} has no ${destination.payload_mode} bodies: choose ${modes.join(" or ")}.`;
  throw new SlotwireError("E_VALIDATION", { errors: [{ path: `${at}.payload_mode`, message }] });
}
