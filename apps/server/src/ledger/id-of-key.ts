import { createHash } from "node:crypto";

/**
 * The id of what a request with an idempotency key creates: the same request, repeated, finds it.
 * A UUID of version 8 (RFC 9562 §5.8): bits of our own, here of a hash.
 * @param parts the organisation, who asks, what for, and the key
 */
export function idOfKey(parts: readonly (string | null)[]): string {
  const hash = createHash("sha256").update(JSON.stringify(parts)).digest();
  hash[6] = 0x80 | ((hash[6] ?? 0) & 0x0f);
  hash[8] = 0x80 | ((hash[8] ?? 0) & 0x3f);
  const hex = hash.toString("hex", 0, 16);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
