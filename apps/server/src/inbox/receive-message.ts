import type { Connector, RawMessage } from "../connectors/connector.ts";
import { loggableError } from "../db/loggable-error.ts";
import { SlotwireError } from "../errors.ts";
import {
  type AppliedMessage,
  applyMessage,
  keepForLater,
  type MessageToApply,
} from "./apply-message.ts";
import type { ConnectionAddress, ConnectionDirectory } from "./connections/connection-directory.ts";
import { liveSecrets, type SourceConnection } from "./connections/source-connection.ts";
import { draftMessage } from "./draft-message.ts";
import type { InboxDeps } from "./inbox-deps.ts";
import { understandMessage } from "./understand-message.ts";

/** Milliseconds until a message that met an unexpected error is tried again. */
const FIRST_RETRY = 5_000;

/** Whom a message is for: the kind of source, and which connection of that kind. */
export interface MessageAddress {
  readonly kind: string;
  readonly connection: ConnectionAddress;
}

/**
 * Takes a message in: checks its signature, understands it, and makes of it what it says. When
 * this returns, the message is stored; when it throws E_UNAVAILABLE, it is not, and the source
 * has to send it again.
 * @throws SlotwireError E_NOT_FOUND for a kind that there is no connector for,
 *   E_CONNECTION_UNKNOWN, E_SIGNATURE, E_SIGNATURE_MISSING, E_UNAVAILABLE
 */
export async function receiveMessage(
  deps: InboxDeps,
  directory: ConnectionDirectory,
  address: MessageAddress,
  raw: RawMessage,
): Promise<AppliedMessage> {
  const connector = deps.connectors.get(address.kind);
  if (connector === undefined || !connector.capabilities.pushes)
    throw new SlotwireError("E_NOT_FOUND");
  const connection = await authenticate(deps, directory, address, connector, raw);
  const context = { receivedAt: raw.receivedAt, timeZone: connection.timeZone };
  const interpretation = understandMessage(connector, raw.body, context, deps.log);
  const draft = draftMessage(connection.id, connector, raw, interpretation);
  const message: MessageToApply = { connection, draft, interpretation };
  try {
    return await applyMessage(deps, message);
  } catch (error) {
    const about = { connection: connection.id, trigger: interpretation.trigger };
    deps.log.error({ ...about, err: loggableError(error) }, "a message could not be applied");
    return keepOrRefuse(deps, message);
  }
}

async function keepOrRefuse(deps: InboxDeps, message: MessageToApply): Promise<AppliedMessage> {
  try {
    return await keepForLater(deps, message, new Date(deps.clock.now().getTime() + FIRST_RETRY));
  } catch (error) {
    deps.log.error({ err: loggableError(error) }, "a message could not be kept");
    throw new SlotwireError("E_UNAVAILABLE", { cause: error });
  }
}

/** The connection that the message is for, if it can prove that it comes through it. */
async function authenticate(
  { clock }: InboxDeps,
  directory: ConnectionDirectory,
  { kind, connection: address }: MessageAddress,
  connector: Connector,
  raw: RawMessage,
): Promise<SourceConnection> {
  const verdictOf = (connection: SourceConnection | null): string | null =>
    connection?.kind === kind ? connector.verify(raw, liveSecrets(connection, clock.now())) : null;
  let connection = await directory.find(address);
  let verdict = verdictOf(connection);
  if (verdict === "invalid") {
    // Its secret may have been replaced in this very moment.
    connection = await directory.find(address, { fresh: true });
    verdict = verdictOf(connection);
  }
  if (connection === null || verdict === null) throw new SlotwireError("E_CONNECTION_UNKNOWN");
  if (verdict !== "valid") {
    throw new SlotwireError(verdict === "missing" ? "E_SIGNATURE_MISSING" : "E_SIGNATURE");
  }
  return connection;
}
