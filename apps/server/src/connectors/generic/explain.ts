import { type FieldReading, mappedFields, type Mapping } from "@slotwire/contract";
import { cleanText } from "../clean-text.ts";
import { expressionProblem, readAny } from "./expression.ts";
import { type Reading, readField } from "./fields.ts";
import { readTimes } from "./times.ts";

const MAX_SHOWN = 200;

/**
 * What a mapping reads from a message, field by field, for whoever makes the mapping: those that are
 * mapped, and those that are missing. Pure and total.
 * @param timeZone IANA zone of the organisation
 */
export function explain(body: unknown, mapping: Mapping, timeZone: string): FieldReading[] {
  const reading: Reading = { body, mapping, timeZone };
  const fields = mappedFields.flatMap((field) => {
    const value = readField(field, reading);
    if (value.state === "nothing") return value.isMapped ? [reads(field, {})] : [];
    if (value.state === "wrong") {
      return [reads(field, { value: shown(value.raw), problem: value.problem })];
    }
    return [reads(field, { value: shown(value.raw), meaning: value.meaning })];
  });
  const metadata = Object.entries(mapping.metadata).map(([name, expression]) =>
    reads(`metadata.${name}`, {
      value: shown(readAny(expression, body)),
      problem: expressionProblem(expression),
    }),
  );
  return [...fields, ...missing(reading), ...metadata];
}

function missing(reading: Reading): FieldReading[] {
  const { fields } = reading.mapping;
  const times = readTimes(reading);
  const isOrderWrong = times.state === "wrong" && times.problem === "timeOrder";
  return [
    ...(fields.uid === undefined
      ? [reads("uid", { problem: "Every booking needs an id by which it is known again." })]
      : []),
    ...(fields.start === undefined
      ? [reads("start", { problem: "A booking has to begin at some time." })]
      : []),
    ...(fields.end === undefined && fields.duration === undefined
      ? [reads("end", { problem: "Map an end, or a duration." })]
      : []),
    ...(isOrderWrong ? [reads("end", { problem: "The end lies before the start." })] : []),
  ];
}

function reads(field: string, said: Partial<Omit<FieldReading, "field">>): FieldReading {
  return { field, value: null, meaning: null, problem: null, ...said };
}

function shown(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return cleanText(typeof value === "string" ? value : JSON.stringify(value), MAX_SHOWN);
}
