import type { ConnectionKind } from "@slotwire/contract";
import type { ConnectionDeps } from "./connection-deps.ts";

/** The kinds of source that send messages to this hub, in the order of their registration. */
export function listConnectionKinds({
  connectors,
}: Pick<ConnectionDeps, "connectors">): ConnectionKind[] {
  return [...connectors.values()]
    .filter(({ capabilities }) => capabilities.pushes)
    .map(({ kind, label, capabilities }) => ({
      kind,
      label,
      auth_modes: [...capabilities.authModes],
      takes_secret: capabilities.takesSecret,
    }));
}
