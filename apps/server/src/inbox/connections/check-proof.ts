import type { AuthMode } from "@slotwire/contract";
import type { Connector, RawMessage, SignatureVerdict } from "../../connectors/connector.ts";
import { sameSecret } from "../../same-secret.ts";
import { hashUrlToken } from "./new-secret.ts";
import { liveSecrets, liveTokenHashes, type SourceConnection } from "./source-connection.ts";
import { verifyStandardWebhook } from "./standard-webhooks.ts";

/** A message as it came over the wire, with all that may prove whose it is. */
export interface IncomingMessage extends RawMessage {
  /** The token of the address it was sent to; null when that had none. */
  readonly urlToken: string | null;
}

/** What came of a message's proofs: by which mode it is the source's, or why it is not. */
export type Proof =
  | { readonly verdict: "valid"; readonly by: AuthMode }
  | { readonly verdict: Exclude<SignatureVerdict, "valid"> };

interface Evidence {
  readonly connector: Connector;
  readonly connection: SourceConnection;
  readonly message: IncomingMessage;
  readonly secrets: readonly string[];
  readonly now: Date;
}

/** Header of a secret that is sent as it is. */
const SECRET_HEADER = "x-webhook-secret";

const checks: Readonly<Record<AuthMode, (evidence: Evidence) => SignatureVerdict>> = {
  source_signature: ({ connector, connection, message, secrets }) =>
    connector.verify(message, secrets, connection.settings),
  standard_webhooks: ({ message, secrets, now }) => verifyStandardWebhook(message, secrets, now),
  shared_secret: ({ message, secrets }) => isOneOf(message.headers[SECRET_HEADER], secrets),
  bearer: ({ message, secrets }) =>
    isOneOf(/^Bearer +(.+)$/i.exec(message.headers["authorization"] ?? "")?.[1], secrets),
  url_token: ({ message, connection, now }) =>
    message.urlToken === null || message.urlToken === ""
      ? "missing"
      : isAmong(hashUrlToken(message.urlToken), liveTokenHashes(connection, now)),
};

/**
 * Checks whether a message is the source's, by every mode of the connection: one that holds is
 * enough. All of them are looked at in any case, so that the time taken tells nothing.
 */
export function checkProof(
  connector: Connector,
  connection: SourceConnection,
  message: IncomingMessage,
  now: Date,
): Proof {
  const evidence = { connector, connection, message, secrets: liveSecrets(connection, now), now };
  const verdicts = connection.authModes.map((mode) => [mode, checks[mode](evidence)] as const);
  const [by] = verdicts.find(([, verdict]) => verdict === "valid") ?? [null];
  if (by !== null) return { verdict: "valid", by };
  return {
    verdict: verdicts.every(([, verdict]) => verdict === "missing") ? "missing" : "invalid",
  };
}

function isOneOf(given: string | undefined, secrets: readonly string[]): SignatureVerdict {
  return given === undefined || given === "" ? "missing" : isAmong(given, secrets);
}

/** Compares with each of them, so that the time taken does not tell which it was. */
function isAmong<Secret extends string | Buffer>(
  given: Secret,
  known: readonly Secret[],
): "valid" | "invalid" {
  let isKnown = false;
  for (const one of known) isKnown = sameSecret(given, one) || isKnown;
  return isKnown ? "valid" : "invalid";
}
