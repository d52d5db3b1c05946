import type { AuthMode, ConnectionKind, ConnectionResource } from "@slotwire/contract";

/** What is to be said of a connection first. */
export type ConnectionState =
  | { readonly is: "paused" }
  | { readonly is: "waiting" }
  /** The last that came was refused; `code` says why. */
  | { readonly is: "refused"; readonly at: string; readonly code: string }
  /** The first message came just now: somebody is waiting for this news. */
  | { readonly is: "arrived"; readonly at: number }
  | { readonly is: "working"; readonly at: string };

type Facts = Pick<
  ConnectionResource,
  "status" | "first_message_at" | "last_message_at" | "last_refused_at" | "last_refusal"
>;

/** For how long a first message is news, in milliseconds. */
const newsworthy = 10 * 60_000;

/**
 * @param now milliseconds since the epoch
 * @param noticed when the page itself saw the first message come in; its clock may be another than
 *   the hub's
 */
export function stateOf(
  connection: Facts,
  now: number,
  noticed: number | null = null,
): ConnectionState {
  const { status, first_message_at: first, last_message_at: last } = connection;
  const { last_refused_at: refused, last_refusal: code } = connection;
  if (status === "paused") return { is: "paused" };
  const isRefused = refused !== null && (last === null || Date.parse(refused) > Date.parse(last));
  if (isRefused) return { is: "refused", at: refused, code: code ?? "E_INTERNAL" };
  if (last === null) return { is: "waiting" };
  const came = noticed ?? (first === null ? null : Date.parse(first));
  const isNews = came !== null && now - came < newsworthy;
  return isNews ? { is: "arrived", at: came } : { is: "working", at: last };
}

/** Whether somebody may be looking at this very moment whether a message arrives. */
export function isSettingUp(connection: Facts): boolean {
  return connection.status === "active" && connection.last_message_at === null;
}

/** Whether messages need the connection's secret to prove themselves. */
export function needsSecret({
  auth_modes: modes,
}: {
  readonly auth_modes: readonly AuthMode[];
}): boolean {
  return modes.some((mode) => mode !== "url_token");
}

/** Whether the hub can compare a connection's bookings with its source, or what it lacks. */
export type Comparability = "yes" | "no_key" | "no_api";

/**
 * The key of the source's API is one of its own, or the secret itself, which goes to the source's
 * own address alone.
 */
export function comparability(
  connection: Pick<ConnectionResource, "has_api_key" | "has_secret" | "api_url">,
  kind: Pick<ConnectionKind, "takes_api_key" | "secret_is_api_key">,
): Comparability {
  if (!kind.takes_api_key) return "no_api";
  const isSecretKey =
    kind.secret_is_api_key && connection.has_secret && connection.api_url === null;
  return connection.has_api_key || isSecretKey ? "yes" : "no_key";
}
