import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { SlotwireError } from "../errors.ts";
import { deriveKey } from "./derive-key.ts";

/** Encrypts secrets at rest: AES-256-GCM under a key derived from the master key. */
export interface SecretBox {
  seal(secret: string): Uint8Array;
  /** @throws SlotwireError E_SECRET_UNREADABLE when it was sealed under a key that is not here */
  open(sealed: Uint8Array): string;
}

/** A box of several keys: it opens what any of them sealed, and seals under the newest. */
export interface KeyRing extends SecretBox {
  /** What everything begins with that the newest key sealed: {@link MARK} bytes. */
  readonly newest: Buffer;
  /** The same of the older keys. */
  readonly older: readonly Buffer[];
}

const VERSION = 1;
/** Lengths in bytes of the parts before the ciphertext: version, key id, nonce, tag. */
const KEY_ID = 4;
const NONCE = 12;
const TAG = 16;
/** Length of what tells under which key something is sealed: version and key id. */
export const MARK = 1 + KEY_ID;
const OVERHEAD = MARK + NONCE + TAG;

interface Key {
  readonly key: Buffer;
  readonly mark: Buffer;
}

/**
 * Makes the box for one purpose. Its keys are derived from the master keys by HKDF (RFC 5869), so
 * that what was sealed for one purpose cannot be passed off as another's.
 *
 * Sealed form: version (1 byte), id of the derived key (4 bytes of its SHA-256), nonce (12),
 * tag (16), ciphertext. Version and key id are authenticated too.
 * @param masterKeys 32 bytes each, the newest first
 * @param purpose what is sealed; boxes of different purposes cannot read each other
 */
export function createSecretBox(
  masterKeys: Buffer | readonly [Buffer, ...Buffer[]],
  purpose = "secrets",
): KeyRing {
  const [first, ...others] = Buffer.isBuffer(masterKeys) ? [masterKeys] : masterKeys;
  const newest = keyOf(first, purpose);
  const older = others
    .map((masterKey) => keyOf(masterKey, purpose))
    .filter(({ key }) => !key.equals(newest.key));
  return {
    newest: newest.mark,
    older: older.map(({ mark }) => mark),
    seal: (secret) => encipher(newest, secret),
    open(sealed) {
      const bytes = Buffer.from(sealed);
      if (bytes.length < OVERHEAD) throw new SlotwireError("E_SECRET_UNREADABLE");
      return decipher([newest, ...older], bytes);
    },
  };
}

/** What is sealed, or null when none of the keys opens it. */
export function openedOrNull(box: SecretBox, sealed: Uint8Array): string | null {
  try {
    return box.open(sealed);
  } catch (error) {
    if (error instanceof SlotwireError && error.code === "E_SECRET_UNREADABLE") return null;
    throw error;
  }
}

/**
 * The box of a process whose keys do not open what is stored. What it sealed, the other processes
 * could not open: its `seal` throws SlotwireError E_MASTER_KEY.
 */
export function sealsNothing(box: SecretBox): SecretBox {
  return {
    seal() {
      throw new SlotwireError("E_MASTER_KEY");
    },
    open: (sealed) => box.open(sealed),
  };
}

function keyOf(masterKey: Buffer, purpose: string): Key {
  if (masterKey.length !== 32) throw new TypeError("a master key must have 32 bytes");
  const key = deriveKey(masterKey, purpose);
  const id = createHash("sha256").update(key).digest().subarray(0, KEY_ID);
  return { key, mark: Buffer.concat([Buffer.of(VERSION), id]) };
}

function encipher({ key, mark }: Key, secret: string): Buffer {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG });
  cipher.setAAD(mark);
  const ciphertext = Buffer.concat([cipher.update(secret, "utf8"), cipher.final()]);
  return Buffer.concat([mark, nonce, cipher.getAuthTag(), ciphertext]);
}

/** Tries each key of the id that is written on it: two keys may have the same, by chance. */
function decipher(keys: readonly Key[], sealed: Buffer): string {
  let cause: unknown;
  for (const key of keys.filter(({ mark }) => sealed.subarray(0, MARK).equals(mark))) {
    try {
      return decipherWith(key, sealed);
    } catch (error) {
      cause = error;
    }
  }
  throw new SlotwireError("E_SECRET_UNREADABLE", { cause });
}

function decipherWith({ key, mark }: Key, sealed: Buffer): string {
  const nonce = sealed.subarray(MARK, MARK + NONCE);
  const tag = sealed.subarray(MARK + NONCE, OVERHEAD);
  const opened = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG });
  opened.setAAD(mark);
  opened.setAuthTag(tag);
  return opened.update(sealed.subarray(OVERHEAD), undefined, "utf8") + opened.final("utf8");
}
