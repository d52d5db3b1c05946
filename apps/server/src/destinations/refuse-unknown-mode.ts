import { SlotwireError } from "../errors.ts";
import { profileOf } from "./encode-delivery.ts";

/**
 * Keeps a destination from asking for bodies that its profile cannot write.
 * @throws SlotwireError E_VALIDATION
 */
export function refuseUnknownMode(destination: {
  readonly profile: string;
  readonly payload_mode: string;
}): void {
  const { name, modes } = profileOf(destination);
  if (modes.some((mode) => mode === destination.payload_mode)) return;
  throw new SlotwireError("E_VALIDATION", {
    detail: `The profile ${name} has no ${destination.payload_mode} bodies: choose ${modes.join(" or ")} as payload_mode.`,
  });
}
