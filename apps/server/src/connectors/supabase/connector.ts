import { verifyBodySignature } from "../body-signature.ts";
import { isRecord } from "../../domain/is-record.ts";
import type { Connector } from "../connector.ts";
import { interpret } from "./interpret.ts";
import { readTold } from "./told.ts";

/** An app of one's own whose database tells of its rows: Supabase's webhooks and functions. */
export const supabaseConnector: Connector = {
  kind: "supabase",
  label: "Supabase",
  capabilities: {
    pushes: true,
    ownsBookings: true,
    authModes: ["bearer", "shared_secret", "standard_webhooks", "source_signature", "url_token"],
    takesSecret: true,
    commands: [],
  },
  secretSetting: "SUPABASE_WEBHOOK_SECRET",
  keptHeaders: [],
  verify: verifyBodySignature,
  interpret,
  eventIdentity,
};

/** A row of `booking_events` is told by its id, whoever tells it. */
function eventIdentity(body: unknown): string | null {
  const id = isRecord(body) ? readTold(body)?.event["id"] : undefined;
  return typeof id === "string" || typeof id === "number" ? String(id) : null;
}
