import type {
  FieldReading,
  TriedMapping,
  TriedMessage,
  tryMappingSchema,
} from "@slotwire/contract";
import type { z } from "zod";
import type { Interpretation, RawMessage } from "../../connectors/connector.ts";
import { tenant } from "../../db/database.ts";
import { describeIdleMessage, describePlan } from "../../domain/describe-message.ts";
import { redactValue } from "../../domain/views/redact.ts";
import { showChanges } from "../../domain/views/show-changes.ts";
import type { View } from "../../domain/views/view.ts";
import { capSourceTime } from "../cap-source-time.ts";
import type { SourceConnection } from "../connections/source-connection.ts";
import { parseBody } from "../parse-body.ts";
import { asDecided } from "../reprocess/as-decided.ts";
import type { KeptMessage } from "../reprocess/kept-message.ts";
import { isIdle, outcomeOf } from "../reprocess/plan-reprocess.ts";
import { selectLatestMessages } from "./latest-messages.ts";
import { findMapped, type MappingConnector, type MappingDeps } from "./mapped-connection.ts";
import { countUnmapped } from "./mapping-history.ts";

interface Trial {
  readonly view: View;
  readonly mapping: z.output<typeof tryMappingSchema>["mapping"];
  readonly connection: SourceConnection;
  readonly connector: MappingConnector;
}

/**
 * Says what a mapping would make of the latest messages of a connection, each by itself against the
 * ledger as it is now, and writes nothing. A path that cannot be used is a problem of its field.
 * @throws SlotwireError E_NOT_FOUND, E_CONFLICT
 */
export async function tryMapping(
  deps: MappingDeps,
  view: View,
  id: string,
  { mapping, message_ids: ids, limit }: z.output<typeof tryMappingSchema>,
): Promise<TriedMapping> {
  const { orgId } = view;
  const { connection, connector } = await findMapped(deps, orgId, id);
  const { rows, waiting } = await deps.db.transaction(tenant(orgId), async (tx) => ({
    rows: await selectLatestMessages(tx, connection, limit, ids ?? null),
    waiting: await countUnmapped(tx, orgId, id),
  }));
  const trial: Trial = { view, mapping, connection, connector };
  const messages: TriedMessage[] = [];
  for (const row of rows) messages.push(await tryOne(deps, trial, row));
  return { messages, waiting };
}

async function tryOne(deps: MappingDeps, trial: Trial, row: KeptMessage): Promise<TriedMessage> {
  const { view, connection, connector } = trial;
  const raw = { body: Buffer.from(row.body), headers: row.headers, receivedAt: row.received_at };
  const { interpretation: read, readings } = understand(trial, raw);
  const interpretation = await asDecided(deps, connection, row, read);
  const reading = { connection, connector, raw, interpretation };
  const { startsAt, timeZone, ...outcome } = await outcomeOf(deps, reading);
  const planned = isIdle(outcome.outcome) ? null : describePlan({ ...outcome, startsAt, timeZone });
  const mayQuote = view.detail === "full";
  const waits = interpretation.outcome === "failed" && interpretation.waits === true;
  const words = "summary" in interpretation && mayQuote ? interpretation.summary : "";
  return {
    message_id: row.id,
    received_at: row.received_at.toISOString(),
    trigger: mayQuote ? interpretation.trigger : null,
    ...outcome,
    outcome: waits ? "waiting" : outcome.outcome,
    reason: mayQuote ? outcome.reason : null,
    description: planned ?? describeIdleMessage(words, outcome.booking_number),
    warning: ("warning" in interpretation ? interpretation.warning : null) ?? null,
    changes: showChanges(outcome.changes, view.detail),
    readings,
  };
}

function understand(
  { view, mapping, connection, connector }: Trial,
  { body, receivedAt }: RawMessage,
): { readonly interpretation: Interpretation; readonly readings: FieldReading[] } {
  const parsed = parseBody(Buffer.from(body));
  if (!parsed.ok) {
    const { code, reason } = parsed;
    return { interpretation: { outcome: "failed", trigger: null, code, reason }, readings: [] };
  }
  const { timeZone } = connection;
  const settings = { ...connection.settings, mapping };
  const shown = view.detail === "full" ? parsed.value : redactValue(parsed.value);
  return {
    interpretation: capSourceTime(
      connector.interpret(parsed.value, { receivedAt, timeZone, settings, headers: {} }),
      receivedAt,
    ),
    readings: connector.mapping.explain(shown, mapping, timeZone),
  };
}
