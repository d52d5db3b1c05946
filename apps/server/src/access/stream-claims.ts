import { roles, streamTokenFiltersSchema } from "@slotwire/contract";
import { z } from "zod";

/**
 * Glossary. A *stream token* opens the event stream for a while; a *ticket* does it once, in a
 * query; a *grant* is exchanged, together with a publishable key, for one of them. All three carry
 * these *claims*. The *minter* is who asked for them: they never may more than that person or key.
 */
export const streamClaimsSchema = z.strictObject({
  org: z.uuid(),
  /** The minter: `user:<id>`, `key:<id>`, or `key:environment`. */
  sub: z.string().regex(/^(user|key):[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$|^key:environment$/),
  /** The minter's role when it was minted: with another one the claims count no more. */
  role: z.enum(roles),
  flt: streamTokenFiltersSchema,
  /** The publishable key with which a grant was exchanged. */
  pk: z.uuid().optional(),
  /** Made once by the minter; what was exchanged for a grant keeps the grant's. */
  jti: z.uuid(),
  /** Seconds since 1970. */
  exp: z.int().positive(),
});

export type StreamClaims = z.infer<typeof streamClaimsSchema>;

/** When claims end, as an instant. */
export const endOf = ({ exp }: StreamClaims): Date => new Date(exp * 1000);
