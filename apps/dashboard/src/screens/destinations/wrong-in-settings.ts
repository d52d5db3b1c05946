import { bookingStatuses } from "@slotwire/contract";
import { problemOf } from "../../api/problem-of.ts";
import { outbound } from "../../messages/outbound.ts";
import { eventTypesIn } from "./event-types-in.ts";
import { filterIn, scheduleIn } from "./settings-in-form.ts";

const words = outbound.destination.wrong;

/** What is wrong with the fields of a form, in words, by their names. */
export type WrongFields = Readonly<Record<string, string>>;

/** What keeps a filled form of a destination from being saved; empty when nothing does. */
export function wrongInSettings(form: FormData): WrongFields {
  const wrong = {
    event_types: wrongEvents(form),
    url: wrongAddress(textIn(form, "url")),
    pairs: textIn(form, "transitions") === "custom" ? wrongPairs(form) : undefined,
    waits: textIn(form, "retries") === "custom" ? wrongWaits(textIn(form, "waits")) : undefined,
    rate: isWithin(textIn(form, "rate"), 0.01, 1000) ? undefined : words.rate,
    concurrency: isWhole(textIn(form, "concurrency"), 64) ? undefined : words.concurrency,
    batch: isWhole(textIn(form, "batch"), 100) ? undefined : words.batch,
    patience: isWhole(textIn(form, "patience"), 720) ? undefined : words.patience,
  };
  const entries = Object.entries(wrong).filter((entry): entry is [string, string] => !!entry[1]);
  return Object.fromEntries(entries);
}

/** Why the choice of events is none; undefined when it is one. */
export function wrongEvents(form: FormData): string | undefined {
  return eventTypesIn(form).length === 0 ? words.event_types : undefined;
}

/** Why an address cannot be a destination's; undefined when it may be one. */
export function wrongAddress(text: string): string | undefined {
  const isWeb = URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
  return isWeb ? undefined : words.url;
}

/** Where the form shows what the hub calls otherwise. */
const fields: Readonly<Record<string, string>> = {
  rate_per_second: "rate",
  batch_size: "batch",
  patience_hours: "patience",
  retry_schedule: "waits",
  "filter.transitions": "pairs",
  "filter.services": "services",
  "filter.providers": "providers",
  "filter.metadata": "metadata",
};

/**
 * What the hub found wrong with what was sent, beside the fields that it is of.
 * @param error what the call threw, or null
 * @param shown names of the form's fields
 * @returns null when some of it has no field: then it is told as a whole
 */
export function wrongByHub(error: unknown, shown: readonly string[]): WrongFields | null {
  if (error === null || error === undefined) return {};
  const errors = problemOf(error).errors ?? [];
  if (errors.length === 0) return null;
  const wrong: Record<string, string> = {};
  for (const { path, message } of errors) {
    const [name = "", part = ""] = path.replace(/^body[./]/, "").split(/[./[]/);
    const field = fields[name === "filter" ? `${name}.${part}` : name] ?? name;
    if (!shown.includes(field)) return null;
    wrong[field] = (isOfSchema(message) ? wordsOf(field) : undefined) ?? message;
  }
  return wrong;
}

/** What to enter in a field; undefined where nothing is known of it. */
export function wordsOf(field: string): string | undefined {
  return (words as WrongFields)[field];
}

/** Whether a message is the schema's, in a programmer's words; what the hub says itself is plain. */
const isOfSchema = (message: string): boolean =>
  /^(Too (small|big)|Invalid|Unrecognized|Expected)\b/.test(message);

function textIn(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value.trim() : "";
}

function wrongPairs(form: FormData): string | undefined {
  const pairs = filterIn(form)?.transitions;
  // Without a change nothing would be narrowed, and every event be sent.
  if (!Array.isArray(pairs)) return words.noPairs;
  const known: readonly string[] = [...bookingStatuses, "*"];
  const isKnown = ({ from, to }: { from: string; to: string }) =>
    (known.includes(from) || from === "new") && known.includes(to);
  const unknown = pairs.find((pair) => !isKnown(pair));
  return unknown === undefined
    ? undefined
    : outbound.destination.wrongPair(`${unknown.from} > ${unknown.to}`);
}

function wrongWaits(text: string): string | undefined {
  const waits = scheduleIn("custom", text);
  const week = 7 * 24 * 60 * 60;
  const isFine =
    Array.isArray(waits) &&
    waits.length > 0 &&
    waits.length <= 50 &&
    waits.every((wait) => Number.isInteger(wait) && wait >= 0 && wait <= week);
  return isFine ? undefined : words.waits;
}

const isWithin = (text: string, least: number, most: number): boolean =>
  text === "" || (Number(text) >= least && Number(text) <= most);

const isWhole = (text: string, most: number): boolean =>
  isWithin(text, 1, most) && (text === "" || Number.isInteger(Number(text)));
