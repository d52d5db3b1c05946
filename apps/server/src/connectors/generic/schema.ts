import { mappingSchema } from "@slotwire/contract";
import { z } from "zod";
import { expressionProblem } from "./expression.ts";

/** A mapping whose paths can be used. */
const usableMapping = mappingSchema.superRefine((mapping, context) => {
  for (const [group, expressions] of Object.entries({
    fields: mapping.fields,
    metadata: mapping.metadata,
  })) {
    for (const [name, expression] of Object.entries(expressions)) {
      const message = expressionProblem(expression);
      if (message !== null) context.addIssue({ code: "custom", path: [group, name], message });
    }
  }
});

/** What can be adjusted of a connection to any source. */
export const settingsSchema = z.strictObject({
  signature_header: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9-]{0,99}$/, "The name of a header, like X-Signature.")
    .default("X-Signature")
    .describe("The header with the source's own signature: HMAC-SHA256 over the body."),
  signature_encoding: z
    .enum(["hex", "base64"])
    .default("hex")
    .describe("How the signature is written."),
  signature_prefix: z
    .string()
    .max(50)
    .default("")
    .describe("What stands before the signature in its header, like sha256=."),
  mapping: usableMapping
    .nullable()
    .default(null)
    .describe("What the fields of its messages mean. It is made on the mapping's own page."),
});

export type GenericSettings = z.infer<typeof settingsSchema>;

const defaults = settingsSchema.parse({});

/** The same for reading: a path that cannot be used reads nothing, and the rest still counts. */
const readableSchema = settingsSchema.extend({ mapping: mappingSchema.nullable().default(null) });

/** Settings as they were stored, or are tried; what cannot be read counts as not set. */
export function readSettings(settings: unknown): GenericSettings {
  return readableSchema.safeParse(settings).data ?? defaults;
}
