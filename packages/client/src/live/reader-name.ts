import type { Transport } from "../transport.ts";

/**
 * A name that two tabs have in common when they are the same reader: of the same hub, with the same
 * identity, and by a stream token with the same limits. It gives nothing of that away.
 */
export async function readerName({
  root,
  token,
}: Pick<Transport, "root" | "token">): Promise<string> {
  const { location: page } = globalThis as { location?: { href: string } };
  const shown = await token();
  const address = new URL(`${root}/`, page?.href).href;
  const text = JSON.stringify([address, shown === undefined ? null : readerOf(shown)]);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `slotwire-live-2-${String.fromCharCode(...new Uint8Array(digest))}`;
}

/** Of a stream token the claims that stay when it is renewed; anything else as it is. */
function readerOf(token: string): unknown {
  try {
    const payload = token.split(".")[1]?.replace(/-/g, "+").replace(/_/g, "/") ?? "";
    const { org, sub, flt } = JSON.parse(atob(payload)) as Record<string, unknown>;
    return org && sub ? [org, sub, flt] : token;
  } catch {
    return token;
  }
}
