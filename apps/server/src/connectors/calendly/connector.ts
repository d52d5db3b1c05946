import type { Connector } from "../connector.ts";
import { calendlyApi } from "./api.ts";
import { eventIdentity } from "./event-identity.ts";
import { interpret } from "./interpret.ts";
import { verifySignature } from "./signature.ts";

/** Calendly, through its webhook subscriptions. */
export const calendlyConnector: Connector = {
  kind: "calendly",
  label: "Calendly",
  capabilities: {
    pushes: true,
    ownsBookings: true,
    // A subscription without a signing key is sent unsigned: then the address has to carry a token.
    authModes: ["source_signature", "url_token"],
    takesSecret: true,
    commands: [],
  },
  secretSetting: null,
  keptHeaders: [],
  verify: verifySignature,
  interpret,
  eventIdentity,
  api: calendlyApi,
};
