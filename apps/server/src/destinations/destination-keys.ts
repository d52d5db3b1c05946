import type { SecretBox } from "../db/secret-box.ts";
import { createSigner, type Signer } from "./sign.ts";

/** What a destination's row says about its secrets. */
export interface SealedKeys {
  readonly secret_sealed: Uint8Array;
  readonly previous_secret_sealed: Uint8Array | null;
  readonly previous_secret_until: Date | null;
  readonly auth_header: string | null;
  readonly auth_value_sealed: Uint8Array | null;
}

/** What requests to a destination are signed and authorised with. */
export interface DestinationKeys {
  readonly sign: Signer;
  /** The receiver's own key, as a header. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Opens a destination's secrets. The old one still signs until its overlap ends.
 * @throws SlotwireError E_SECRET_UNREADABLE
 */
export function openKeys(secretBox: SecretBox, sealed: SealedKeys, now: Date): DestinationKeys {
  const secrets = [sealed.secret_sealed, ...(overlapping(sealed, now) ?? [])];
  return {
    sign: createSigner(secrets.map((secret) => secretBox.open(secret))),
    headers:
      sealed.auth_header === null || sealed.auth_value_sealed === null
        ? {}
        : { [sealed.auth_header]: secretBox.open(sealed.auth_value_sealed) },
  };
}

function overlapping(sealed: SealedKeys, now: Date): [Uint8Array] | null {
  const { previous_secret_sealed: previous, previous_secret_until: until } = sealed;
  return previous !== null && until !== null && until > now ? [previous] : null;
}

/** Opens each destination's secrets once, and again only when they changed. */
export class KeyCache {
  readonly #secretBox: SecretBox;
  readonly #known = new Map<string, { readonly version: string; readonly keys: DestinationKeys }>();

  constructor(secretBox: SecretBox) {
    this.#secretBox = secretBox;
  }

  /** @throws SlotwireError E_SECRET_UNREADABLE */
  keysOf(destinationId: string, sealed: SealedKeys, now: Date): DestinationKeys {
    const version = versionOf(sealed, now);
    const known = this.#known.get(destinationId);
    if (known?.version === version) return known.keys;
    const keys = openKeys(this.#secretBox, sealed, now);
    this.#known.set(destinationId, { version, keys });
    return keys;
  }
}

/** Sealing is randomised: equal bytes mean the same secret, sealed once. */
function versionOf(sealed: SealedKeys, now: Date): string {
  const parts = [sealed.secret_sealed, overlapping(sealed, now)?.[0], sealed.auth_value_sealed];
  const bytes = parts.map((part) => (part ? Buffer.from(part).toString("base64") : ""));
  return [...bytes, sealed.auth_header ?? ""].join(" ");
}
