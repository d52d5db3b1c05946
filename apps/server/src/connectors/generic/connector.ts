import type { Connector } from "../connector.ts";
import { explain } from "./explain.ts";
import { interpret } from "./interpret.ts";
import { sampleFields } from "./sample-fields.ts";
import { settingsSchema } from "./schema.ts";
import { verifySignature } from "./signature.ts";
import { suggestMapping } from "./suggest.ts";

/** Any source that posts JSON: what its fields mean is said by a mapping that people make. */
export const genericConnector: Connector = {
  kind: "generic",
  label: "Any other source",
  capabilities: {
    pushes: true,
    ownsBookings: true,
    authModes: ["standard_webhooks", "source_signature", "shared_secret", "bearer", "url_token"],
    takesSecret: true,
    commands: [],
  },
  secretSetting: null,
  keptHeaders: [],
  settings: settingsSchema,
  verify: verifySignature,
  interpret,
  mapping: { explain, suggest: suggestMapping, fieldsOf: sampleFields },
};
