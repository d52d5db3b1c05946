import { z } from "zod";
import { verifyBodySignature } from "../body-signature.ts";
import type { Connector } from "../connector.ts";
import { openApi } from "./api.ts";
import { eventIdentity } from "./event-identity.ts";
import { interpret } from "./interpret.ts";

/** What can be adjusted of a booking site's connection. */
const settings = z.strictObject({
  crm: z.boolean().default(true).describe("Make leads, activities and tasks of its bookings."),
  lead_per: z
    .enum(["company", "contact"])
    .default("company")
    .describe("Whether people of one company share a lead."),
});

/** A booking site of one's own (BookMe), which posts its bookings as JSON. */
export const bookmeConnector: Connector = {
  kind: "bookme",
  label: "BookMe",
  capabilities: {
    pushes: true,
    ownsBookings: true,
    authModes: ["shared_secret", "standard_webhooks", "source_signature", "bearer", "url_token"],
    takesSecret: true,
    commands: ["cancel", "reschedule"],
  },
  secretSetting: "CRM_WEBHOOK_SECRET",
  apiKeySetting: "BOOKME_API_KEY",
  keptHeaders: [],
  settings,
  verify: verifyBodySignature,
  interpret,
  eventIdentity,
  api: { defaultUrl: null, open: openApi },
};
