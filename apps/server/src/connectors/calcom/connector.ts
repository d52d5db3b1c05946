import type { Connector } from "../connector.ts";
import { calcomApi } from "./api/api.ts";
import { eventIdentity } from "./event-identity.ts";
import { interpret } from "./interpret.ts";
import { calcomSettings } from "./settings.ts";
import { verifySignature } from "./signature.ts";

/** Cal.com, in the cloud or self-hosted, through its webhooks. */
export const calcomConnector: Connector = {
  kind: "calcom",
  label: "Cal.com",
  capabilities: {
    pushes: true,
    ownsBookings: true,
    // It signs, or is given an address with a token; the others are for what relays its messages.
    authModes: ["source_signature", "url_token", "standard_webhooks", "shared_secret", "bearer"],
    takesSecret: true,
    commands: ["cancel", "reschedule", "confirm", "reject", "no_show"],
  },
  secretSetting: "CALCOM_WEBHOOK_SECRET",
  apiKeySetting: "CALCOM_API_KEY",
  keptHeaders: ["x-cal-webhook-version"],
  verify: verifySignature,
  interpret,
  settings: calcomSettings,
  eventIdentity,
  api: calcomApi,
};
