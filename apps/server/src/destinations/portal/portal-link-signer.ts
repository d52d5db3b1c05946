import { errors, jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import type { Clock } from "../../clock.ts";
import { deriveKey } from "../../db/derive-key.ts";

/** What a link to a destination's log says. */
export const portalClaimsSchema = z.strictObject({
  org: z.uuid(),
  /** The destination. */
  dst: z.uuid(),
  /** The destination's number when the link was made: with another one it counts no more. */
  gen: z.int().min(0),
  /** How much of what was sent it shows: never more than its maker was shown. */
  show: z.enum(["full", "masked", "ids"]),
  /** Seconds since 1970. */
  exp: z.int().positive(),
});

export type PortalClaims = z.infer<typeof portalClaimsSchema>;

/** Signs links to logs and reads signed ones: compact JWTs (RFC 7519), HS256 and nothing else. */
export interface PortalLinkSigner {
  sign(claims: PortalClaims): Promise<string>;
  /** @returns null when it is not ours, for something else, or over */
  read(token: string): Promise<PortalClaims | null>;
}

const algorithm = "HS256";
const typ = "slotwire-portal-link+jwt";

/**
 * @param masterKeys 32 bytes each, the newest first: it signs by that one, and reads what any of
 *   them signed
 */
export function createPortalLinkSigner(
  masterKeys: readonly [Buffer, ...Buffer[]],
  clock: Clock,
): PortalLinkSigner {
  const keys = masterKeys.map((masterKey) => deriveKey(masterKey, "portal links"));
  const newest = deriveKey(masterKeys[0], "portal links");
  return {
    sign: (claims) =>
      new SignJWT({ ...claims }).setProtectedHeader({ alg: algorithm, typ }).sign(newest),
    async read(token) {
      for (const key of keys) {
        const claims = await verify(token, key, clock.now());
        if (claims !== null) return claims;
      }
      return null;
    },
  };
}

async function verify(token: string, key: Buffer, currentDate: Date): Promise<PortalClaims | null> {
  try {
    const options = { algorithms: [algorithm], typ, currentDate, requiredClaims: ["exp"] };
    const { payload } = await jwtVerify(token, key, options);
    return portalClaimsSchema.safeParse(payload).data ?? null;
  } catch (error) {
    if (error instanceof errors.JOSEError) return null;
    throw error;
  }
}
