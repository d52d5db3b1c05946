import { acuityConnector } from "../connectors/acuity/connector.ts";
import { bookmeConnector } from "../connectors/bookme/connector.ts";
import { calendlyConnector } from "../connectors/calendly/connector.ts";
import { calcomConnector } from "../connectors/calcom/connector.ts";
import type { Connector } from "../connectors/connector.ts";
import { externalCalendarConnector } from "../connectors/external-calendar/connector.ts";
import { genericConnector } from "../connectors/generic/connector.ts";
import { memoryConnector } from "../connectors/memory/connector.ts";
import { savvycalConnector } from "../connectors/savvycal/connector.ts";
import { squareConnector } from "../connectors/square/connector.ts";
import { supabaseConnector } from "../connectors/supabase/connector.ts";

/** Every kind of source that this hub can be connected to, by kind. */
export const connectors: ReadonlyMap<string, Connector> = new Map(
  [
    calcomConnector,
    bookmeConnector,
    calendlyConnector,
    acuityConnector,
    squareConnector,
    savvycalConnector,
    genericConnector,
    supabaseConnector,
    externalCalendarConnector,
    memoryConnector,
  ].map((connector) => [connector.kind, connector]),
);
