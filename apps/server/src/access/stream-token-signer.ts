import { errors, jwtVerify, SignJWT } from "jose";
import type { Clock } from "../clock.ts";
import { deriveKey } from "../db/derive-key.ts";
import { type StreamClaims, streamClaimsSchema } from "./stream-claims.ts";

/** What a signed token is for: one is never taken for the other. */
export type SignedKind = "token" | "grant";

/** Signs claims and reads signed ones: compact JWTs (RFC 7519), HS256 and nothing else. */
export interface StreamTokenSigner {
  sign(kind: SignedKind, claims: StreamClaims): Promise<string>;
  /** @returns null when it is not ours, of the other kind, or over */
  read(kind: SignedKind, token: string): Promise<StreamClaims | null>;
  /** Whether it is ours, of this kind, and over. */
  isOver(kind: SignedKind, token: string): Promise<boolean>;
}

const algorithm = "HS256";
const types: Readonly<Record<SignedKind, string>> = {
  token: "slotwire-stream-token+jwt",
  grant: "slotwire-stream-grant+jwt",
};

/**
 * @param masterKeys 32 bytes each, the newest first: it signs by that one, and reads what any of
 *   them signed. Every node of a hub has the same
 */
export function createStreamTokenSigner(
  masterKeys: readonly [Buffer, ...Buffer[]],
  clock: Clock,
): StreamTokenSigner {
  const [newest, ...older] = masterKeys;
  const ofMaster = (masterKey: Buffer): Buffer => deriveKey(masterKey, "stream tokens");
  const newestKey = ofMaster(newest);
  const keys = [newestKey, ...older.map(ofMaster)];
  return {
    sign: (kind, claims) =>
      new SignJWT({ ...claims })
        .setProtectedHeader({ alg: algorithm, typ: types[kind] })
        .sign(newestKey),
    async read(kind, token) {
      for (const key of keys) {
        const claims = await verify(token, key, types[kind], clock.now());
        if (claims !== null && claims !== "over") return claims;
      }
      return null;
    },
    async isOver(kind, token) {
      for (const key of keys) {
        if ((await verify(token, key, types[kind], clock.now())) === "over") return true;
      }
      return false;
    },
  };
}

/** @returns null when the key has not signed it, or it is of another kind */
async function verify(
  token: string,
  key: Buffer,
  typ: string,
  currentDate: Date,
): Promise<StreamClaims | "over" | null> {
  try {
    const options = { algorithms: [algorithm], typ, currentDate, requiredClaims: ["exp"] };
    const { payload } = await jwtVerify(token, key, options);
    return streamClaimsSchema.safeParse(payload).data ?? null;
  } catch (error) {
    // The time is looked at last: what is over has been signed by us.
    if (error instanceof errors.JWTExpired) return "over";
    if (error instanceof errors.JOSEError) return null;
    throw error;
  }
}
