import type { Sample, SampleField } from "@slotwire/contract";
import type { MappingReader } from "../../connectors/connector.ts";
import { tenant } from "../../db/database.ts";
import { isWord, redactValue } from "../../domain/views/redact.ts";
import type { View } from "../../domain/views/view.ts";
import { parseBody } from "../parse-body.ts";
import type { KeptMessage } from "../reprocess/kept-message.ts";
import { selectLatestMessages } from "./latest-messages.ts";
import { findMapped, type MappingDeps } from "./mapped-connection.ts";

/** So many of the latest messages are looked at, … */
const LOOKED_AT = 60;
/** … so many shapes of them shown, … */
const MAX_SHAPES = 10;
/** … and so many further values of each field, which may be the source's words for something. */
const MAX_OTHERS = 20;

/**
 * Messages of a connection as examples of their shapes: of each shape the latest, with its fields
 * and the paths that lead to them.
 * @throws SlotwireError E_NOT_FOUND, E_CONFLICT
 */
export async function listSamples(
  deps: MappingDeps,
  { orgId, detail }: View,
  id: string,
): Promise<Sample[]> {
  const { connection, connector } = await findMapped(deps, orgId, id);
  const messages = await deps.db.transaction(tenant(orgId), (tx) =>
    selectLatestMessages(tx, connection, LOOKED_AT, null),
  );
  const shapes = new Map<string, Sample>();
  for (const message of messages) {
    const sample = sampleOf(message, connector.mapping, detail);
    if (sample === null) continue;
    const shape = shapeOf(sample);
    const known = shapes.get(shape);
    if (known !== undefined) shapes.set(shape, withAnother(known, sample));
    else if (shapes.size < MAX_SHAPES) shapes.set(shape, sample);
  }
  return [...shapes.values()];
}

/** @returns null for a body that is no JSON */
function sampleOf(
  message: KeptMessage,
  reader: MappingReader,
  detail: View["detail"],
): Sample | null {
  const parsed = parseBody(Buffer.from(message.body));
  if (!parsed.ok) return null;
  const { trigger } = message;
  const isShown = detail === "full" || (trigger !== null && isWord(trigger));
  const fields = reader.fieldsOf(detail === "full" ? parsed.value : redactValue(parsed.value));
  return {
    message_id: message.id,
    received_at: message.received_at.toISOString(),
    trigger: isShown ? trigger : null,
    count: 1,
    fields: fields.map((field) => ({ ...field, others: [] })),
  };
}

/** The sample with what an earlier message of its shape says where it says something else. */
function withAnother(sample: Sample, earlier: Sample): Sample {
  const values = new Map(earlier.fields.map(({ path, value }) => [path, value]));
  const fields = sample.fields.map((field) => {
    const value = values.get(field.path) ?? null;
    const isNews = value !== null && value !== field.value && !field.others.includes(value);
    if (!isNews || field.others.length >= MAX_OTHERS) return field;
    return { ...field, others: [...field.others, value] };
  });
  return { ...sample, count: sample.count + 1, fields };
}

/** What it tells of, and its fields wherever they stand in lists. */
function shapeOf({ trigger, fields }: Sample): string {
  const paths = fields.map(({ path, kind }: SampleField) =>
    `${path} ${kind === "nothing" ? "" : kind}`.replaceAll(/\[\d+\]/g, "[]"),
  );
  return JSON.stringify([trigger, [...new Set(paths)].toSorted()]);
}
