import type { Connector } from "../connector.ts";
import { acuityApi } from "./api.ts";
import { interpret } from "./interpret.ts";
import { acuitySettings } from "./settings.ts";
import { verifySignature } from "./signature.ts";

/** Acuity Scheduling, through its webhooks and the API that they need. */
export const acuityConnector: Connector = {
  kind: "acuity",
  label: "Acuity Scheduling",
  capabilities: {
    pushes: true,
    ownsBookings: true,
    authModes: ["source_signature"],
    takesSecret: true,
    secretFromSource: true,
    secretIsApiKey: true,
    commands: [],
  },
  secretSetting: null,
  keptHeaders: [],
  bodyFormat: "form",
  bodiesRepeat: true,
  settings: acuitySettings,
  verify: verifySignature,
  interpret,
  api: acuityApi,
};
