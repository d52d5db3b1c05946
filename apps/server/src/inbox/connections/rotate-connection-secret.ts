import type { ConnectionSecret } from "@slotwire/contract";
import type { Author } from "../../access/record-audit.ts";
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
      return replacedSecret(row.secret_sealed, deps.secretBox.seal(secret), deps.clock.now());
    },
  });
  return { id, secret };
}

/** The columns of a secret in the place of the one before, which counts for another while. */
export function replacedSecret(
  before: Uint8Array | null,
  sealed: Uint8Array,
  now: Date,
): ConnectionColumns {
  return {
    previous_secret_sealed: before,
    previous_secret_until: new Date(now.getTime() + SECRET_OVERLAP),
    secret_sealed: sealed,
  };
}
