import type { Connector } from "../connector.ts";
import { eventIdentity } from "./event-identity.ts";
import { interpret } from "./interpret.ts";
import { verifySignature } from "./signature.ts";

/** SavvyCal, through its webhooks. */
export const savvycalConnector: Connector = {
  kind: "savvycal",
  label: "SavvyCal",
  capabilities: {
    pushes: true,
    ownsBookings: true,
    authModes: ["source_signature"],
    takesSecret: true,
    secretFromSource: true,
    commands: [],
  },
  secretSetting: null,
  // Which of the account's webhooks it came by.
  keptHeaders: ["x-savvycal-webhook-id"],
  verify: verifySignature,
  interpret,
  eventIdentity,
};
