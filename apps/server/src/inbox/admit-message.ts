import type { AuthMode } from "@slotwire/contract";
import { isInRanges } from "../access/address-ranges.ts";
import type { Connector } from "../connectors/connector.ts";
import { SlotwireError } from "../errors.ts";
import { checkProof, type IncomingMessage, type Proof } from "./connections/check-proof.ts";
import type { ConnectionAddress, ConnectionDirectory } from "./connections/connection-directory.ts";
import type { MessageLimit } from "./connections/message-limit.ts";
import type { RefusalNotes } from "./connections/refusal-notes.ts";
import type { SourceConnection } from "./connections/source-connection.ts";
import type { InboxDeps } from "./inbox-deps.ts";

/** What stands at the door of the inbox, one of each in a process. */
export interface Door {
  readonly directory: ConnectionDirectory;
  readonly limit: MessageLimit;
  /** Counts the messages that proved nothing, which use up nothing of the source's own limit. */
  readonly guesses: MessageLimit;
  readonly refusals: RefusalNotes;
}

/** Whom a message is for, and who brings it. */
export interface MessageAddress {
  readonly kind: string;
  readonly connection: ConnectionAddress;
  /** The IP address of the connection's other end. */
  readonly sender: string;
}

/** A message that was let in: through which connection, and by what it proved itself. */
export interface Admission {
  readonly connection: SourceConnection;
  readonly provenBy: AuthMode;
}

/** So many messages without a valid proof are looked at in a minute, per connection. */
const GUESSES_PER_MINUTE = 60;

/**
 * Lets a message in if it comes from where it may, proves itself, and is not one too many. A
 * refusal costs no database work, beside a note of it now and then.
 * @throws SlotwireError E_CONNECTION_UNKNOWN, E_ADDRESS_NOT_ALLOWED, E_SIGNATURE,
 *   E_SIGNATURE_MISSING, E_CONNECTION_PAUSED, E_RATE_LIMITED
 */
export async function admitMessage(
  deps: Pick<InboxDeps, "clock">,
  door: Door,
  connector: Connector,
  address: MessageAddress,
  message: IncomingMessage,
): Promise<Admission> {
  const connection = await findConnection(door, address);
  try {
    return await admit(deps, door, connector, address, message, connection);
  } catch (error) {
    if (error instanceof SlotwireError) await door.refusals.note(connection, error.code);
    throw error;
  }
}

async function findConnection(
  { directory }: Door,
  address: MessageAddress,
  options?: { readonly fresh: boolean },
): Promise<SourceConnection> {
  const connection = await directory.find(address.connection, options);
  if (connection === null || connection.kind !== address.kind || connection.status === "removed") {
    throw new SlotwireError("E_CONNECTION_UNKNOWN");
  }
  return connection;
}

async function admit(
  { clock }: Pick<InboxDeps, "clock">,
  door: Door,
  connector: Connector,
  address: MessageAddress,
  message: IncomingMessage,
  known: SourceConnection,
): Promise<Admission> {
  requireAddress(known, address.sender);
  let connection = known;
  let proof = checkProof(connector, connection, message, clock.now());
  if (proof.verdict !== "valid") {
    const perMinute = Math.min(GUESSES_PER_MINUTE, known.messagesPerMinute);
    requireRoom(door.guesses.take(known.id, perMinute));
    // Another process may have changed its secret or modes in this very moment.
    connection = await findConnection(door, address, { fresh: true });
    requireAddress(connection, address.sender);
    proof = checkProof(connector, connection, message, clock.now());
  }
  const provenBy = requireProof(proof, connection);
  door.refusals.forgive(connection.id);
  if (connection.status === "paused") throw new SlotwireError("E_CONNECTION_PAUSED");
  requireRoom(door.limit.take(connection.id, connection.messagesPerMinute));
  return { connection, provenBy };
}

function requireAddress({ allowedRanges }: SourceConnection, sender: string): void {
  if (allowedRanges === null || isInRanges(sender, allowedRanges)) return;
  throw new SlotwireError("E_ADDRESS_NOT_ALLOWED");
}

function requireRoom(secondsToWait: number): void {
  if (secondsToWait === 0) return;
  throw new SlotwireError("E_RATE_LIMITED", { extra: { retry_after_seconds: secondsToWait } });
}

/** The answer says what a message may prove itself by, and never which proof was nearly right. */
function requireProof(proof: Proof, { authModes }: SourceConnection): AuthMode {
  if (proof.verdict === "valid") return proof.by;
  const code = proof.verdict === "missing" ? "E_SIGNATURE_MISSING" : "E_SIGNATURE";
  throw new SlotwireError(code, { extra: { accepted: authModes } });
}
