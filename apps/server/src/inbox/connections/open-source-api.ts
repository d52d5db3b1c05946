import type { ConnectorApi, SourceApi } from "../../connectors/connector.ts";
import { SlotwireError } from "../../errors.ts";
import type { InboxDeps } from "../inbox-deps.ts";
import type { SourceConnection } from "./source-connection.ts";
import { watchKey } from "./watch-key.ts";

/**
 * Opens the API of a connection's source, with its own address and key. Its calls tell people when
 * the key is refused.
 * @throws SlotwireError E_API_KEY_MISSING when the connection has no key, no address is known, or
 *   the hub cannot call sources of its kind
 */
export function openSourceApi(
  deps: Pick<InboxDeps, "connectors" | "fetchSource" | "db" | "clock" | "wake" | "log">,
  connection: SourceConnection,
): SourceApi {
  const { connectors, fetchSource } = deps;
  const connector = connectors.get(connection.kind);
  const api = connector?.api;
  const { apiKey, apiUrl, secret } = connection;
  // The secret goes to the source's own address: whoever sets another one gives a key for it.
  const mayUseSecret = connector?.capabilities.secretIsApiKey === true && apiUrl === null;
  const key = apiKey ?? (mayUseSecret ? secret : null);
  const baseUrl = connection.apiUrl ?? api?.defaultUrl ?? null;
  if (api === undefined || baseUrl === null || key === null) {
    throw new SlotwireError("E_API_KEY_MISSING", { detail: whyNot(api, baseUrl) });
  }
  // What was stored before a setting existed takes its default.
  const settings = connector?.settings?.safeParse(connection.settings).data ?? {};
  const { timeZone } = connection;
  const opened = api.open({
    baseUrl: baseUrl.replace(/\/+$/, ""),
    key,
    fetch: fetchSource,
    timeZone,
    settings,
  });
  return watchKey(deps, connection, opened);
}

function whyNot(api: ConnectorApi | undefined, baseUrl: string | null): string {
  if (api === undefined) return "The hub calls no API of this kind of source.";
  if (baseUrl === null) return "The connection has no address of an API.";
  return "The connection has no key of its source's API.";
}
