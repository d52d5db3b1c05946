import type { ConnectionTokenUrl } from "@slotwire/contract";
import type { Author } from "../../access/record-audit.ts";
import { SlotwireError } from "../../errors.ts";
import { changeConnection, requireOwn } from "./change-connection.ts";
import type { ConnectionDeps } from "./connection-deps.ts";
import { webhookUrl } from "./connection-row.ts";
import { newUrlToken, SECRET_OVERLAP } from "./new-secret.ts";

/**
 * Gives a connection an address with a new token. For 24 hours the old address counts too.
 * @returns the whole address, which is shown this once
 * @throws SlotwireError E_NOT_FOUND, E_ENVIRONMENT
 * @throws SlotwireError E_VALIDATION when tokens in the address are none of its modes
 */
export async function rotateUrlToken(
  deps: ConnectionDeps,
  author: Author,
  id: string,
): Promise<ConnectionTokenUrl> {
  const { token, hash } = newUrlToken();
  const { kind } = await changeConnection(deps, author, id, {
    action: "connection.url_token_rotated",
    columns: (row) => {
      requireOwn(row);
      if (!row.auth_modes.includes("url_token")) throw noSuchMode();
      return {
        previous_url_token_hash: row.url_token_hash,
        previous_url_token_until: new Date(deps.clock.now().getTime() + SECRET_OVERLAP),
        url_token_hash: hash,
      };
    },
  });
  return { id, token_url: `${webhookUrl(deps.config.publicUrl, kind, id)}/${token}` };
}

function noSuchMode(): SlotwireError {
  const message = "Does not name url_token: add it first.";
  return new SlotwireError("E_VALIDATION", { errors: [{ path: "auth_modes", message }] });
}
