import type { DestinationFilter, UpdateDestination } from "@slotwire/contract";
import { eventTypesIn } from "./event-types-in.ts";

/** What of a filter the form says in words of its own. */
export interface FilterFields {
  readonly transitions: string;
  readonly pairs: string;
  readonly services: string;
  readonly providers: string;
  readonly metadata: string;
}

/** A filter as the form shows it. */
export function fieldsOf(filter: DestinationFilter | null): FilterFields {
  const { transitions, services = [], providers = [], metadata = [] } = filter ?? {};
  const isList = Array.isArray(transitions);
  return {
    transitions: transitions === undefined ? "any" : isList ? "custom" : transitions,
    pairs: isList ? transitions.map(({ from, to }) => `${from} > ${to}`).join("\n") : "",
    services: services.join("\n"),
    providers: providers.join("\n"),
    metadata: metadata
      .map(({ key, in: values }) => (values === undefined ? key : `${key} = ${values.join(", ")}`))
      .join("\n"),
  };
}

/** The change of a destination that a filled form describes. The hub checks it. */
export function settingsInForm(form: FormData): UpdateDestination {
  const text = textsOf(form);
  const key = text("key");
  return {
    name: text("name"),
    url: text("url"),
    payload_mode: text("payload_mode"),
    event_types: eventTypesIn(form),
    filter: filterIn(form),
    ordering: text("ordering"),
    retry_schedule: scheduleIn(text("retries"), text("waits")),
    rate_per_second: numberIn(text("rate")),
    concurrency: numberIn(text("concurrency")),
    // Formats that carry one event per request have no such field.
    ...(form.has("batch") ? { batch_size: numberIn(text("batch")) ?? 1 } : {}),
    patience_hours: numberIn(text("patience")) ?? 120,
    ...(form.has("remove_key") ? { key: null } : key === "" ? {} : { key }),
  } as UpdateDestination;
}

const textsOf =
  (form: FormData) =>
  (name: string): string => {
    const value = form.get(name);
    return typeof value === "string" ? value.trim() : "";
  };

/** A filter, or null when nothing is narrowed. */
export function filterIn(form: FormData): DestinationFilter | null {
  const text = textsOf(form);
  const transitions = text("transitions");
  const parts = {
    transitions:
      transitions === "custom" ? pairsIn(text("pairs")) : transitions === "any" ? [] : transitions,
    connection_ids: form.getAll("connection_ids"),
    services: linesIn(text("services")),
    providers: linesIn(text("providers")),
    metadata: linesIn(text("metadata")).map(conditionIn),
  };
  const given = Object.entries(parts).filter(([, part]) => part.length > 0);
  return given.length === 0 ? null : Object.fromEntries(given);
}

const linesIn = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

function pairsIn(text: string): { from: string; to: string }[] {
  return linesIn(text).map((line) => {
    const [from = "", to = ""] = line.split(">").map((part) => part.trim());
    return { from, to };
  });
}

function conditionIn(line: string): { key: string; in?: string[] } {
  const at = line.indexOf("=");
  if (at === -1) return { key: line };
  const values = line
    .slice(at + 1)
    .split(",")
    .map((value) => value.trim())
    .filter((value) => value !== "");
  return { key: line.slice(0, at).trim(), in: values };
}

/** The waits that a form describes, in seconds, or the schedule's name. */
export function scheduleIn(choice: string, waits: string): string | number[] {
  if (choice !== "custom") return choice;
  return waits
    .split(",")
    .map((wait) => wait.trim())
    .filter((wait) => wait !== "")
    .map(Number);
}

const numberIn = (text: string): number | null => (text === "" ? null : Number(text));
