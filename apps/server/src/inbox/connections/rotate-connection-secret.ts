import type { ConnectionSecret } from "@slotwire/contract";
import type { Author } from "../../access/record-audit.ts";
import { openedOrNull } from "../../db/secret-box.ts";
import { changeConnection, type ConnectionColumns, requireOwn } from "./change-connection.ts";
import type { ConnectionDeps } from "./connection-deps.ts";
import { requireTakesSecret } from "./create-connection.ts";
import { newSecret, SECRET_OVERLAP } from "./new-secret.ts";

/**
 * Gives a connection a new secret. For 24 hours the old one counts too, so that there is time to
 * change it at the source.
 * @param pasted the secret that the source made; a new one is made when it is undefined
 * @returns the new secret, which is shown this once
 * @throws SlotwireError E_NOT_FOUND
 * @throws SlotwireError E_ENVIRONMENT when the secret is a setting of the environment
 */
export async function rotateConnectionSecret(
  deps: ConnectionDeps,
  author: Author,
  id: string,
  pasted?: string,
): Promise<ConnectionSecret> {
  let secret = "";
  await changeConnection(deps, author, id, {
    action: "connection.secret_rotated",
    columns: (row) => {
      requireOwn(row);
      if (pasted !== undefined) requireTakesSecret(deps.connectors, row.kind);
      secret = pasted ?? newSecret(row.auth_modes);
      return replacedSecret(deps, row.secret_sealed, secret);
    },
  });
  return { id, secret };
}

/**
 * The columns of a secret in the place of the one before, which counts for another while. One that
 * cannot be opened proves nothing, and is not kept.
 */
export function replacedSecret(
  { secretBox, clock }: Pick<ConnectionDeps, "secretBox" | "clock">,
  before: Uint8Array | null,
  secret: string,
): ConnectionColumns {
  const counts = before !== null && openedOrNull(secretBox, before) !== null;
  return {
    previous_secret_sealed: counts ? before : null,
    previous_secret_until: counts ? new Date(clock.now().getTime() + SECRET_OVERLAP) : null,
    secret_sealed: secretBox.seal(secret),
  };
}
