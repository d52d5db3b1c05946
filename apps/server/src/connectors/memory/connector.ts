import type { Connector } from "../connector.ts";
import { interpret } from "./interpret.ts";
import { verifySignature } from "./signature.ts";

/**
 * The simulated source: for the demo, for tests, and for whoever writes the next connector.
 * `MemorySource` is the other end of it.
 */
export const memoryConnector: Connector = {
  kind: "memory",
  label: "Simulated source",
  isSimulated: true,
  capabilities: {
    pushes: true,
    ownsBookings: true,
    authModes: ["source_signature", "standard_webhooks", "shared_secret", "bearer", "url_token"],
    takesSecret: true,
    commands: [],
  },
  secretSetting: null,
  keptHeaders: [],
  verify: verifySignature,
  interpret,
};
