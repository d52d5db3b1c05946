import { hkdfSync } from "node:crypto";

/**
 * Derives a key of 32 bytes from the master key by HKDF (RFC 5869), so that what was made for one
 * purpose cannot be passed off as another's.
 * @param masterKey 32 bytes
 */
export function deriveKey(masterKey: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync("sha256", masterKey, "", `slotwire ${purpose} v1`, 32));
}
