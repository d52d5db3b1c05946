import { createHash } from "node:crypto";
import type { AuthMode, SignatureState } from "@slotwire/contract";
import { cleanText } from "../connectors/clean-text.ts";
import type { Connector, Interpretation, RawMessage } from "../connectors/connector.ts";
import { uuid7 } from "../db/uuid7.ts";
import type { MessageDraft } from "../ledger/message-draft.ts";
import { eventKeyOf } from "./event-key.ts";

/** What is kept of every source's headers. Signatures, keys and cookies never are. */
const keptHeaders = ["content-type", "user-agent"];
const MAX_HEADER = 200;

/**
 * The message in the form in which the ledger keeps it, once it has been understood or not.
 * @param provenBy null when it was kept before, with what it proved itself by
 * @param id of a message that was kept before
 */
export function draftMessage(
  connectionId: string,
  connector: Connector,
  raw: RawMessage,
  interpretation: Interpretation,
  provenBy: AuthMode | null,
  id: string = uuid7(),
): MessageDraft {
  return {
    id,
    connectionId,
    dedupeKey: dedupeKeyOf(connector, raw.body, id),
    eventKey: eventKeyOf(connector, raw.body),
    trigger: interpretation.trigger,
    summary: summaryOf(interpretation),
    // Whether what it names is ours is found out by the ledger.
    warning: ("warning" in interpretation ? interpretation.warning : null) ?? null,
    signatureState: signatureState(provenBy),
    headers: redactHeaders(raw.headers, [...keptHeaders, ...connector.keptHeaders]),
    body: raw.body,
    receivedAt: raw.receivedAt,
    asks: ("asks" in interpretation ? interpretation.asks : undefined) ?? [],
  };
}

function dedupeKeyOf({ bodiesRepeat }: Connector, body: Buffer, id: string): string {
  const hash = createHash("sha256").update(body);
  return (bodiesRepeat === true ? hash.update(id) : hash).digest("hex");
}

function signatureState(provenBy: AuthMode | null): SignatureState {
  return provenBy === null || provenBy === "source_signature" ? "valid" : provenBy;
}

/** How a message was understood, or why it was not, in words. */
function summaryOf(interpretation: Interpretation): string {
  return "summary" in interpretation ? interpretation.summary : interpretation.reason;
}

function redactHeaders(
  headers: RawMessage["headers"],
  kept: readonly string[],
): Record<string, string> {
  const entries = kept.map((name) => [name, cleanText(headers[name], MAX_HEADER)] as const);
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => entry[1] !== null),
  );
}
