import type { Connector } from "../connector.ts";
import { squareApi } from "./api.ts";
import { eventIdentity } from "./event-identity.ts";
import { interpret } from "./interpret.ts";
import { verifySignature } from "./signature.ts";

/** Square Appointments, through the webhooks of an application. */
export const squareConnector: Connector = {
  kind: "square",
  label: "Square Appointments",
  capabilities: {
    pushes: true,
    ownsBookings: true,
    authModes: ["source_signature"],
    takesSecret: true,
    secretFromSource: true,
    commands: [],
  },
  secretSetting: null,
  // Whether it is the sandbox that speaks, and the how-manieth try it is.
  keptHeaders: ["square-environment", "square-retry-number"],
  verify: verifySignature,
  interpret,
  eventIdentity,
  api: squareApi,
};
