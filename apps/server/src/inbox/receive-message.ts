import type { Connector } from "../connectors/connector.ts";
import { loggableError } from "../db/loggable-error.ts";
import { SlotwireError } from "../errors.ts";
import { type Admission, admitMessage, type Door, type MessageAddress } from "./admit-message.ts";
import {
  type AppliedMessage,
  applyMessage,
  keepForLater,
  type MessageToApply,
} from "./apply-message.ts";
import type { IncomingMessage } from "./connections/check-proof.ts";
import { draftMessage } from "./draft-message.ts";
import type { InboxDeps } from "./inbox-deps.ts";
import { understandMessage } from "./understand-message.ts";

/** Milliseconds until a message that met an unexpected error is tried again. */
const FIRST_RETRY = 5_000;

/**
 * Takes a message in: lets it prove itself, understands it, and makes of it what it says. When
 * this returns, the message is stored; when it throws E_UNAVAILABLE, it is not, and the source
 * has to send it again.
 * @throws SlotwireError E_NOT_FOUND for a kind that there is no connector for,
 *   E_UNAVAILABLE, and what `admitMessage` throws
 */
export async function receiveMessage(
  deps: InboxDeps,
  door: Door,
  address: MessageAddress,
  raw: IncomingMessage,
): Promise<AppliedMessage> {
  const connector = connectorOf(deps, address.kind);
  return takeMessage(deps, await admitMessage(deps, door, connector, address, raw), raw);
}

/** @throws SlotwireError E_NOT_FOUND for a kind that there is no connector for */
export function connectorOf(
  { connectors }: Pick<InboxDeps, "connectors">,
  kind: string,
): Connector {
  const connector = connectors.get(kind);
  if (connector === undefined || !connector.capabilities.pushes) {
    throw new SlotwireError("E_NOT_FOUND");
  }
  return connector;
}

/**
 * Understands a message that was let in, and makes of it what it says.
 * @throws SlotwireError E_UNAVAILABLE when it could not be stored
 */
export async function takeMessage(
  deps: InboxDeps,
  { connection, provenBy }: Admission,
  raw: IncomingMessage,
): Promise<AppliedMessage> {
  const connector = connectorOf(deps, connection.kind);
  const interpretation = understandMessage(connector, connection, raw, deps.log);
  const draft = draftMessage(connection.id, connector, raw, interpretation, provenBy);
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
