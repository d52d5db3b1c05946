import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";
import type { SecretBox } from "../db/secret-box.ts";
import type { Wake } from "../db/wake.ts";
import { type AddressPolicy, createAddressPolicy } from "../network/address-policy.ts";
import { createSystemResolver, type ResolveHost } from "../network/resolve-host.ts";

/** What the verbs of this room work with. */
export interface DestinationDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly wake: Wake;
  readonly secretBox: SecretBox;
  readonly policy: AddressPolicy;
  readonly resolve: ResolveHost;
  /** Where the hub is reached, without a slash at its end. */
  readonly publicUrl: string;
}

/**
 * Completes what the verbs need by the settings.
 * @param allowPrivate CIDR ranges of private addresses that may be sent to, or `true` for all
 */
export function createDestinationDeps(
  base: Pick<DestinationDeps, "db" | "clock" | "wake" | "secretBox"> & {
    readonly config: { readonly publicUrl: string };
  },
  allowPrivate: readonly string[] | true,
): DestinationDeps {
  const { db, clock, wake, secretBox, config } = base;
  const { publicUrl } = config;
  const policy = createAddressPolicy(allowPrivate);
  return { db, clock, wake, secretBox, policy, resolve: createSystemResolver(), publicUrl };
}
