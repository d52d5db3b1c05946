import { verifyBodySignature } from "../body-signature.ts";
import type { Connector } from "../connector.ts";
import { interpret } from "./interpret.ts";
import { externalCalendarSettings } from "./settings.ts";

/**
 * A planning system that hears of bookings by a destination of the profile `external_calendar`, and
 * answers. It speaks of bookings by the hub's own ids and owns none: what it says of one is what a
 * colleague there wants.
 */
export const externalCalendarConnector: Connector = {
  kind: "external_calendar",
  label: "External calendar",
  capabilities: {
    pushes: true,
    ownsBookings: false,
    authModes: ["bearer", "standard_webhooks", "shared_secret", "source_signature", "url_token"],
    takesSecret: true,
    commands: [],
  },
  secretSetting: "IMPORT_API_KEY",
  keptHeaders: [],
  verify: verifyBodySignature,
  interpret,
  settings: externalCalendarSettings,
};
