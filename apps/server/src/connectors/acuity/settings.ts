import { z } from "zod";
import type { ConnectionSettings } from "../connector.ts";

/** What can be adjusted of Acuity's connection. */
export const acuitySettings = z.strictObject({
  user_id: z
    .string()
    .regex(/^\d{0,20}$/, "Only digits.")
    .default("")
    .describe("The numeric User ID that Acuity shows beside its API key."),
  currency: z
    .string()
    .regex(/^([A-Z]{3})?$/, "Three capital letters, like EUR.")
    .default("")
    .describe("The currency of the account's prices, like EUR: Acuity does not tell it."),
});

/** The settings as they were stored, with their defaults. */
export function readAcuitySettings(settings: ConnectionSettings): z.infer<typeof acuitySettings> {
  return acuitySettings.safeParse(settings).data ?? acuitySettings.parse({});
}
