import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from "node:crypto";
import { SlotwireError } from "../errors.ts";

/** Encrypts secrets at rest: AES-256-GCM under a key derived from the master key. */
export interface SecretBox {
  seal(secret: string): Uint8Array;
  /** @throws SlotwireError E_SECRET_UNREADABLE when it was sealed under another key */
  open(sealed: Uint8Array): string;
}

const VERSION = 1;
/** Lengths in bytes of the parts before the ciphertext: version, key id, nonce, tag. */
const KEY_ID = 4;
const NONCE = 12;
const TAG = 16;
const HEADER = 1 + KEY_ID;
const OVERHEAD = HEADER + NONCE + TAG;

/**
 * Makes the box for one purpose. The key is derived from the master key by HKDF (RFC 5869), so
 * that what was sealed for one purpose cannot be passed off as another's.
 *
 * Sealed form: version (1 byte), id of the derived key (4 bytes of its SHA-256), nonce (12),
 * tag (16), ciphertext. Version and key id are authenticated too.
 * @param masterKey 32 bytes
 * @param purpose what is sealed; boxes of different purposes cannot read each other
 */
export function createSecretBox(masterKey: Buffer, purpose = "secrets"): SecretBox {
  if (masterKey.length !== 32) throw new TypeError("the master key must have 32 bytes");
  const key = Buffer.from(hkdfSync("sha256", masterKey, "", `slotwire ${purpose} v1`, 32));
  const keyId = createHash("sha256").update(key).digest().subarray(0, KEY_ID);
  const header = Buffer.concat([Buffer.of(VERSION), keyId]);
  return {
    seal(secret) {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG });
      cipher.setAAD(header);
      const ciphertext = Buffer.concat([cipher.update(secret, "utf8"), cipher.final()]);
      return Buffer.concat([header, nonce, cipher.getAuthTag(), ciphertext]);
    },
    open(sealed) {
      const bytes = Buffer.from(sealed);
      if (bytes.length < OVERHEAD || !bytes.subarray(0, HEADER).equals(header)) {
        throw new SlotwireError("E_SECRET_UNREADABLE");
      }
      return decipher(key, header, bytes);
    },
  };
}

function decipher(key: Buffer, header: Buffer, sealed: Buffer): string {
  const nonce = sealed.subarray(HEADER, HEADER + NONCE);
  const tag = sealed.subarray(HEADER + NONCE, OVERHEAD);
  const opened = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG });
  opened.setAAD(header);
  opened.setAuthTag(tag);
  try {
    return opened.update(sealed.subarray(OVERHEAD), undefined, "utf8") + opened.final("utf8");
  } catch (error) {
    throw new SlotwireError("E_SECRET_UNREADABLE", { cause: error });
  }
}
