import type { ConnectionSettings } from "../../connectors/connector.ts";
import { SlotwireError } from "../../errors.ts";
import type { ConnectionDeps } from "./connection-deps.ts";

/**
 * Settings as the kind's connector takes them, with its defaults filled in.
 * @throws SlotwireError E_VALIDATION naming each member that it does not take
 */
export function readSettings(
  { connectors }: Pick<ConnectionDeps, "connectors">,
  kind: string,
  given: Readonly<Record<string, unknown>>,
): ConnectionSettings {
  const schema = connectors.get(kind)?.settings;
  if (schema === undefined) {
    const [member] = Object.keys(given);
    if (member === undefined) return {};
    const message = `${kind} has no settings.`;
    throw new SlotwireError("E_VALIDATION", { errors: [{ path: `settings.${member}`, message }] });
  }
  const read = schema.safeParse(given);
  if (read.success) return read.data;
  const errors = read.error.issues.map(({ path, message }) => ({
    path: ["settings", ...path].join("."),
    message,
  }));
  throw new SlotwireError("E_VALIDATION", { errors });
}

/** @throws SlotwireError E_VALIDATION when the hub cannot call sources of this kind */
export function requireApi({ connectors }: Pick<ConnectionDeps, "connectors">, kind: string): void {
  if (connectors.get(kind)?.api !== undefined) return;
  const message = `The hub calls no API of ${kind}.`;
  throw new SlotwireError("E_VALIDATION", { errors: [{ path: "api_key", message }] });
}
