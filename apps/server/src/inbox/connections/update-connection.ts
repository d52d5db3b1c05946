import type { ConnectionResource, UpdateConnection } from "@slotwire/contract";
import { rangesOrNull } from "../../access/address-ranges.ts";
import type { Author } from "../../access/record-audit.ts";
import { SlotwireError } from "../../errors.ts";
import { changeConnection, type ConnectionColumns, requireOwn } from "./change-connection.ts";
import { checkApiUrl } from "./check-api-url.ts";
import { chosenModes } from "./chosen-modes.ts";
import type { ConnectionDeps } from "./connection-deps.ts";
import type { ConnectionRow } from "./connection-row.ts";
import { readSettings, requireApi } from "./connection-settings.ts";

/**
 * Changes what somebody may choose of a connection. A mode that is taken away counts no longer,
 * and with `url_token` goes the token.
 * @throws SlotwireError E_NOT_FOUND, E_VALIDATION for a mode that its kind does not have
 * @throws SlotwireError E_SOURCE_ADDRESS for an address of its API that the hub would not call
 * @throws SlotwireError E_ENVIRONMENT for the name and modes of the environment's connection
 */
export async function updateConnection(
  deps: ConnectionDeps,
  author: Author,
  id: string,
  input: UpdateConnection,
): Promise<ConnectionResource> {
  await checkApiUrl(deps, input.api_url);
  return changeConnection(deps, author, id, {
    action: "connection.changed",
    columns: (row) => {
      const columns = changedColumns(deps, row, input);
      if (columns.name !== undefined || columns.auth_modes !== undefined) requireOwn(row);
      return Object.keys(columns).length === 0 ? null : columns;
    },
  });
}

/** What differs from the row. */
function changedColumns(
  deps: ConnectionDeps,
  row: ConnectionRow,
  input: UpdateConnection,
): ConnectionColumns {
  const { name, auth_modes, allowed_ranges, messages_per_minute: limit } = input;
  const modes = auth_modes === undefined ? undefined : chosenModes(deps, row.kind, auth_modes);
  const ranges = allowed_ranges === undefined ? undefined : rangesOrNull(allowed_ranges);
  return {
    ...(name === undefined || name === row.name ? {} : { name }),
    ...(modes === undefined || isSameSet(modes, row.auth_modes) ? {} : modeColumns(modes)),
    ...(ranges === undefined || isSame(ranges, row.allowed_ranges)
      ? {}
      : { allowed_ranges: ranges }),
    ...(limit === undefined || limit === row.messages_per_minute
      ? {}
      : { messages_per_minute: limit }),
    ...apiColumns(deps, row, input),
  };
}

/** What the hub calls its source with, and what the connector has to know. */
function apiColumns(
  deps: ConnectionDeps,
  row: ConnectionRow,
  { settings, api_url: url, api_key: key }: UpdateConnection,
): ConnectionColumns {
  const given = settings && readSettings(deps, row.kind, { ...row.settings, ...settings });
  if (key != null) requireApi(deps, row.kind);
  if (url !== undefined && key === undefined && row.has_api_key) requireSameOrigin(row, url);
  return {
    ...(given === undefined || isSame(given, row.settings)
      ? {}
      : { settings: JSON.stringify(given) }),
    ...(url === undefined || url === row.api_url ? {} : { api_url: url }),
    ...(key === undefined || (key === null && !row.has_api_key)
      ? {}
      : { api_key_sealed: key === null ? null : deps.secretBox.seal(key) }),
  };
}

/** Whoever may change a connection must not be able to have its key sent to an address of theirs. */
function requireSameOrigin({ api_url: before }: ConnectionRow, url: string | null): void {
  if (originOf(before) === originOf(url)) return;
  const message = "The stored key is for another address: give the key again.";
  throw new SlotwireError("E_VALIDATION", { errors: [{ path: "api_key", message }] });
}

const originOf = (url: string | null): string | null => url && new URL(url).origin;

function modeColumns(modes: ConnectionResource["auth_modes"]): ConnectionColumns {
  if (modes.includes("url_token")) return { auth_modes: modes };
  // A token that was given up must not count again when the mode comes back.
  return {
    auth_modes: modes,
    url_token_hash: null,
    previous_url_token_hash: null,
    previous_url_token_until: null,
  };
}

const isSame = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one) === JSON.stringify(other);
const isSameSet = (one: readonly string[], other: readonly string[]): boolean =>
  isSame(one.toSorted(), other.toSorted());
