import { SlotwireError } from "../errors.ts";
import { profileOf } from "./encode-delivery.ts";

/**
 * Keeps a destination from asking for several events per request where its profile writes one.
 * @throws SlotwireError E_VALIDATION
 */
export function refuseBatches(destination: {
  readonly profile: string;
  readonly batch_size: number;
}): void {
  const { name, encodeBatch } = profileOf(destination);
  if (destination.batch_size === 1 || encodeBatch !== undefined) return;
  const message = `The profile ${name} takes one event per request: choose 1.`;
  throw new SlotwireError("E_VALIDATION", { errors: [{ path: "body.batch_size", message }] });
}
