import type { AuthMode } from "@slotwire/contract";
import { SlotwireError } from "../../errors.ts";
import type { ConnectionDeps } from "./connection-deps.ts";

/**
 * The ways in which a connection's messages are to prove themselves.
 * @param chosen the kind's usual one when it is undefined
 * @throws SlotwireError E_VALIDATION when no such source sends messages to this hub, or its
 *   messages cannot prove themselves like that
 */
export function chosenModes(
  { connectors }: Pick<ConnectionDeps, "connectors">,
  kind: string,
  chosen: readonly AuthMode[] | undefined,
): AuthMode[] {
  const offered = connectors.get(kind)?.capabilities;
  if (offered === undefined || !offered.pushes) {
    throw refusal("kind", "There is no such kind: see /api/v1/connection-kinds.");
  }
  if (chosen === undefined) return [offered.authModes[0]];
  const unknown = chosen.find((mode) => !offered.authModes.includes(mode));
  if (unknown !== undefined) throw refusal("auth_modes", `${kind} has no ${unknown}.`);
  return [...chosen];
}

function refusal(path: string, message: string): SlotwireError {
  return new SlotwireError("E_VALIDATION", { errors: [{ path, message }] });
}
