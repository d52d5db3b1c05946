import {
  type BookingStatus,
  type MappedEvent,
  type MappedField,
  type Mapping,
  type MappedTimeFormat,
  mappingSchema,
} from "@slotwire/contract";
import { readExpression, type Scalar } from "./expression.ts";
import { foldName } from "./guess-trigger.ts";
import { formatOf, type Hint, hints, isText, staff } from "./hints.ts";
import { sampleFields, type SampleValue } from "./sample-fields.ts";

/** Fields that mean something even though the group around them is called like something else. */
const nested: Partial<Readonly<Record<MappedField, readonly string[]>>> = {
  service_name: ["name", "title", "label"],
  attendee_name: ["firstname"],
};

/**
 * A first mapping for messages of an unknown source, guessed by the names and values of their
 * fields. Pure and total; it may be empty.
 * @param bodies samples, the latest first
 */
export function suggestMapping(bodies: readonly unknown[]): Mapping {
  const samples = bodies.slice(0, 20).map((body) => sampleFields(body));
  const fields: Mapping["fields"] = {};
  for (const field of Object.keys(hints) as MappedField[]) {
    const path = likeliest(samples, field);
    if (path !== null) fields[field] = { path };
  }
  nameInParts(samples, fields);
  dateInParts(samples, fields);
  serviceInGroup(samples, fields);
  return mappingSchema.parse({
    fields: withoutEchoes(fields),
    events: meaningsOf(bodies, fields.event, eventMeaning),
    statuses: meaningsOf(bodies, fields.status, statusMeaning),
    time_format: formatIn(bodies, fields.start) ?? "iso",
  });
}

type Samples = readonly (readonly SampleValue[])[];

/** The path whose name comes first in the hint; of equal ones the one nearest to the root. */
function likeliest(samples: Samples, field: MappedField): string | null {
  const hint = hints[field];
  if (hint === undefined) return null;
  const candidates = samples.flatMap((sample) =>
    sample
      .map((one) => ({ path: one.path, rank: rankOf(one, hint, field), depth: one.depth }))
      .filter(({ rank }) => rank >= 0),
  );
  const [best] = candidates.toSorted((a, b) => a.rank - b.rank || a.depth - b.depth);
  return best?.path ?? null;
}

function rankOf({ name, path, kind, raw }: SampleValue, hint: Hint, field: MappedField): number {
  if (kind === "group" || kind === "list" || kind === "nothing") return -1;
  const around = groupsOf(path);
  if (hint.within !== undefined && !hint.within.test(`${around} ${foldName(name)}`)) return -1;
  if (hint.notWithin?.test(field === "event" ? around : inner(around)) === true) return -1;
  return hint.accepts(raw) ? hint.names.indexOf(foldName(name)) : -1;
}

/** The names of the groups that a path goes through, folded, the outermost first. */
function groupsOf(path: string): string {
  const steps = path.match(/\.[^.[\]]+|\["(?:[^"\\]|\\.)*"\]/g) ?? [];
  return steps.slice(0, -1).map(foldName).join(" ");
}

/** The outermost group of a message is often called after what it tells: "event", "booking". */
function inner(groups: string): string {
  return groups.split(" ").slice(-1).join(" ");
}

/** A first and a last name in two fields. */
function nameInParts(samples: Samples, fields: Mapping["fields"]): void {
  const first = named(samples, nested.attendee_name ?? [], staff);
  if (first === null || fields.attendee_name !== undefined) return;
  const last = named(samples, ["lastname", "surname", "familyname"], staff);
  fields.attendee_name = last === null ? { path: first } : { template: `{${first}} {${last}}` };
}

/** A day and a time of day in two fields. */
function dateInParts(samples: Samples, fields: Mapping["fields"]): void {
  if (fields.start !== undefined) return;
  const day = named(samples, ["date", "day", "startdate", "bookingdate", "appointmentdate"], null);
  const start = named(samples, ["starttime", "time", "start", "begintime", "from"], null);
  const end = named(samples, ["endtime", "end", "finishtime", "to", "until"], null);
  if (day === null || start === null) return;
  fields.start = { template: `{${day}} {${start}}` };
  if (end !== null) fields.end = { template: `{${day}} {${end}}` };
}

/** What is called `name` within a group that is a service. */
function serviceInGroup(samples: Samples, fields: Mapping["fields"]): void {
  if (fields.service_name !== undefined) return;
  const group = /(?:service|meetingtype|eventtype|appointmenttype|treatment|product)$/;
  const found = samples.flatMap((sample) =>
    sample.filter(
      ({ name, path, raw }) =>
        (nested.service_name ?? []).includes(foldName(name)) &&
        group.test(groupsOf(path)) &&
        isText(raw),
    ),
  );
  const [best] = found;
  if (best !== undefined) fields.service_name = { path: best.path };
}

function named(
  samples: Samples,
  names: readonly string[],
  notWithin: RegExp | null,
): string | null {
  const accepts = (value: unknown): boolean => isText(value) || typeof value === "number";
  const hint = { names, accepts, ...(notWithin === null ? {} : { notWithin }) };
  const found = samples.flatMap((sample) =>
    sample
      .map((one) => ({ path: one.path, rank: rankOf(one, hint, "title") }))
      .filter(({ rank }) => rank >= 0),
  );
  return found.toSorted((a, b) => a.rank - b.rank)[0]?.path ?? null;
}

/** Two fields that read the same path: the one that is rather it stays. */
function withoutEchoes(fields: Mapping["fields"]): Mapping["fields"] {
  const seen = new Set<string>();
  return Object.fromEntries(
    Object.entries(fields).filter(([, expression]) => {
      const key = JSON.stringify(expression);
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    }),
  );
}

type Bodies = readonly unknown[];
type MaybeExpression = Mapping["fields"][MappedField];

function formatIn(bodies: Bodies, start: MaybeExpression): MappedTimeFormat | null {
  const read = valuesAt(bodies, start)
    .map(formatOf)
    .filter((format) => format !== null);
  // 13/01 can only be a day first, 01/13 only a month: one of them decides for all.
  return read.includes("month_first") ? "month_first" : (read[0] ?? null);
}

function valuesAt(bodies: Bodies, expression: MaybeExpression): Scalar[] {
  if (expression === undefined) return [];
  return bodies.flatMap((body) => {
    const found = readExpression(expression, body);
    return found.state === "value" ? [found.value] : [];
  });
}

function meaningsOf<Meaning>(
  bodies: Bodies,
  expression: MaybeExpression,
  meaning: (word: string) => Meaning | null,
): Record<string, Meaning> {
  const entries = valuesAt(bodies, expression)
    .map((value) => String(value).trim())
    .filter((word) => word !== "" && word.length <= 100)
    .map((word) => [word, meaning(word)] as const);
  return Object.fromEntries(
    entries.filter((entry): entry is readonly [string, Meaning & {}] => entry[1] !== null),
  );
}

const eventWords: readonly (readonly [RegExp, MappedEvent])[] = [
  [/noshow/, "no_show"],
  [/reschedul|moved|postpon/, "rescheduled"],
  [/cancel|delet/, "cancelled"],
  [/reject|declin/, "rejected"],
  [/complet|finish|ended/, "completed"],
  [/request|pending/, "requested"],
  [/updat|chang|edit|modif/, "updated"],
  [/creat|new|book|schedul|confirm|made|placed/, "created"],
];

const statusWords: readonly (readonly [RegExp, BookingStatus])[] = [
  [/noshow/, "no_show"],
  [/cancel|delet/, "cancelled"],
  [/reject|declin/, "rejected"],
  [/complet|finish|done/, "completed"],
  [/pending|request|tentative|unconfirmed|waiting/, "pending"],
  [/confirm|accept|active|booked|schedul|approved|new|upcoming/, "confirmed"],
];

const eventMeaning = (word: string): MappedEvent | null => firstOf(eventWords, word);
const statusMeaning = (word: string): BookingStatus | null => firstOf(statusWords, word);

function firstOf<Meaning>(
  table: readonly (readonly [RegExp, Meaning])[],
  word: string,
): Meaning | null {
  return table.find(([pattern]) => pattern.test(foldName(word)))?.[1] ?? null;
}
