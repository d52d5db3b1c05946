import type { Role, Scope } from "@slotwire/contract";

/** Who makes a request, and for which organisation. */
export interface Principal {
  readonly kind: "user" | "api_key" | "stream_token";
  /** The user's id, or the key's; of a stream token its own. */
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly orgId: string;
  /** What the key is limited to; null for people, whose role alone decides. */
  readonly scopes: readonly Scope[] | null;
  /** The provider whose bookings are this person's own, in lower case; null for none. */
  readonly providerEmail: string | null;
  /** Whether a staff member is not shown customers' contact data. */
  readonly hideContacts: boolean;
  /** The session that the request came with; null for keys and tokens. */
  readonly session: { readonly id: string; readonly authenticatedAt: Date } | null;
}

/** Where a request came from, as the audit log and the list of sessions keep it. */
export interface Origin {
  readonly address: string | null;
  readonly userAgent: string | null;
  readonly requestId: string | null;
}
