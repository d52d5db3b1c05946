import type { Encoded, EncodeTarget } from "../src/destinations/profiles/profile.ts";

/** A destination as encoders know it, by payload mode. */
export const full: EncodeTarget = {
  id: "01920000-0000-7000-8000-0000000000dd",
  name: "Receiver",
  payloadMode: "full",
  eventTypes: ["*"],
  publicUrl: "http://hub.example",
};
export const thin: EncodeTarget = { ...full, payloadMode: "thin" };
export const compat: EncodeTarget = { ...full, payloadMode: "compat" };

/** The JSON that an encoder wrote. @throws when it wrote none */
export function bodyOf(encoded: Encoded): Record<string, unknown> {
  if ("skip" in encoded) throw new Error(`skipped: ${encoded.skip}`);
  return JSON.parse(encoded.body) as Record<string, unknown>;
}
