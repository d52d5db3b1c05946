import type { Role } from "@slotwire/contract";

/** Who makes a request, and for which organisation. */
export interface Principal {
  readonly kind: "user" | "api_key";
  /** The user's id, or the key's. */
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly orgId: string;
}
