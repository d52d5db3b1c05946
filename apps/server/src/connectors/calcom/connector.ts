import type { Connector } from "../connector.ts";
import { interpret } from "./interpret.ts";
import { verifySignature } from "./signature.ts";

/** Cal.com, in the cloud or self-hosted, through its webhooks. */
export const calcomConnector: Connector = {
  kind: "calcom",
  label: "Cal.com",
  capabilities: { pushes: true, ownsBookings: true },
  keptHeaders: ["x-cal-webhook-version"],
  verify: verifySignature,
  interpret,
};
