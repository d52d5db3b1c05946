import type { EncodedBody, Profile } from "./profiles/profile.ts";

/** A body with the `webhook-id` that its event has by itself. */
export interface NamedBody extends EncodedBody {
  readonly messageId: string;
}

/** Whether a destination's requests are lists of events, also when there is only one in it. */
export function isBatching(
  { encodeBatch }: Profile,
  { batch_size: size }: { readonly batch_size: number },
): boolean {
  return size > 1 && encodeBatch !== undefined;
}

/**
 * The body of a request for several events, or for one, with its headers but for the signature's.
 * @param bodies in their order; only the first is sent where the destination takes no batches
 */
export function requestBodyOf(
  bodies: readonly [NamedBody, ...NamedBody[]],
  profile: Profile,
  to: { readonly batch_size: number },
): EncodedBody {
  const [{ body: single, headers }] = bodies;
  if (profile.encodeBatch === undefined || !isBatching(profile, to)) {
    return { body: single, headers };
  }
  const ids = bodies.map(({ messageId }) => messageId).join(",");
  return {
    body: profile.encodeBatch(bodies.map(({ body }) => body)),
    headers: { ...headers, "webhook-batch-ids": ids },
  };
}
