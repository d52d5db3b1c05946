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
}

const algorithm = "HS256";
const types: Readonly<Record<SignedKind, string>> = {
  token: "slotwire-stream-token+jwt",
  grant: "slotwire-stream-grant+jwt",
};

/** @param masterKey 32 bytes: every node of a hub has the same */
export function createStreamTokenSigner(masterKey: Buffer, clock: Clock): StreamTokenSigner {
  const key = deriveKey(masterKey, "stream tokens");
  return {
    sign: (kind, claims) =>
      new SignJWT({ ...claims }).setProtectedHeader({ alg: algorithm, typ: types[kind] }).sign(key),
    async read(kind, token) {
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: [algorithm],
          typ: types[kind],
          currentDate: clock.now(),
          requiredClaims: ["exp"],
        });
        return streamClaimsSchema.safeParse(payload).data ?? null;
      } catch (error) {
        if (error instanceof errors.JOSEError) return null;
        throw error;
      }
    },
  };
}
