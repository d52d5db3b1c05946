/** Encrypts secrets at rest: AES-256-GCM under a key derived from the master key. */
export interface SecretBox {
  seal(secret: string): Uint8Array;
  /** @throws SlotwireError E_SECRET_UNREADABLE when it was sealed under another key */
  open(sealed: Uint8Array): string;
}
