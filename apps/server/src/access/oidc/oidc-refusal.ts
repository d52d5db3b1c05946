import type { OidcError } from "@slotwire/contract";

/** Why a sign-in by OpenID Connect came to nothing. */
export class OidcRefusal extends Error {
  readonly reason: OidcError;
  /** What the log may know besides: codes, never a token or a person's data. */
  readonly hint: string | null;

  constructor(reason: OidcError, hint: string | null = null) {
    super(reason);
    this.name = "OidcRefusal";
    this.reason = reason;
    this.hint = hint;
  }
}
