import type { ConnectionKind } from "@slotwire/contract";
import { z } from "zod";
import type { SettingsSchema } from "../../connectors/connector.ts";
import type { ConnectionDeps } from "./connection-deps.ts";

/** What the list depends on. */
interface KindDeps extends Pick<ConnectionDeps, "connectors"> {
  readonly config: { readonly demo: boolean };
}

/**
 * The kinds of source that send messages to this hub, in the order of their registration. What is
 * simulated is listed by a hub that runs the demo, and can be connected by its name elsewhere.
 */
export function listConnectionKinds({ connectors, config }: KindDeps): ConnectionKind[] {
  return [...connectors.values()]
    .filter(({ capabilities }) => capabilities.pushes)
    .filter(({ isSimulated }) => isSimulated !== true || config.demo)
    .map(({ kind, label, capabilities, api, settings, mapping }) => ({
      kind,
      label,
      auth_modes: [...capabilities.authModes],
      takes_secret: capabilities.takesSecret,
      secret_from_source: capabilities.secretFromSource === true,
      secret_is_api_key: capabilities.secretIsApiKey === true,
      takes_api_key: api !== undefined,
      lists_bookings: api?.listsBookings === true,
      takes_mapping: mapping !== undefined,
      settings_schema: settings === undefined ? null : jsonSchemaOf(settings),
    }));
}

function jsonSchemaOf(settings: SettingsSchema): Record<string, unknown> {
  return { ...z.toJSONSchema(settings, { io: "input" }) };
}
