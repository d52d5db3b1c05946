import type { CreateDestination, DestinationFilter, PayloadMode } from "@slotwire/contract";
import { profiles } from "./profiles/profiles.ts";

/** A new destination with what its profile has where nobody said otherwise. */
export interface WholeDestination extends Omit<CreateDestination, "payload_mode" | "filter"> {
  readonly payload_mode: PayloadMode;
  readonly filter: DestinationFilter | null;
}

/** Completes what was asked for. A filter of null is none, also where the profile has one. */
export function withDefaults(input: CreateDestination): WholeDestination {
  const { modes, defaults } = profiles[input.profile];
  const { payload_mode = modes[0], filter = defaults?.filter ?? null } = input;
  return { ...input, payload_mode, filter };
}
