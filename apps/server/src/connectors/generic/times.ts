import { readInstant } from "../read-instant.ts";
import type { Problem } from "./errors.ts";
import { type Reading, readField } from "./fields.ts";

const MINUTE = 60_000;

/** What became of a message's times: read, left out, or no times at all. */
export type Times =
  | {
      readonly state: "read";
      readonly startsAt: string;
      readonly endsAt: string;
      /** The start had no offset. */
      readonly isLocal: boolean;
    }
  | { readonly state: "missing"; readonly what: Problem }
  | { readonly state: "wrong"; readonly problem: Problem; readonly where?: string };

/** Reads start and end; where there is no end, it is as much later as the duration says. */
export function readTimes(reading: Reading): Times {
  const start = readField("start", reading);
  const end = readField("end", reading);
  const duration = readField("duration", reading);
  if (start.state === "nothing") return { state: "missing", what: "start" };
  if (start.state === "wrong") return wrong("start", start.problem);
  if (end.state === "wrong") return wrong("end", end.problem);
  if (end.state === "nothing" && duration.state === "wrong") {
    return wrong("duration", duration.problem);
  }
  const after = duration.state === "read" ? Number(duration.value) : null;
  const endsAt =
    end.state === "read" ? end.value : after === null ? null : later(start.value, after);
  if (endsAt === null) return { state: "missing", what: "end" };
  if (Date.parse(endsAt) < Date.parse(start.value)) return { state: "wrong", problem: "timeOrder" };
  return { state: "read", startsAt: start.value, endsAt, isLocal: start.isLocal === true };
}

function wrong(what: string, problem: string): Times {
  return { state: "wrong", problem: "times", where: `${what}: ${problem}` };
}

function later(startsAt: string, minutes: number): string | null {
  return readInstant(new Date(Date.parse(startsAt) + Math.round(minutes * MINUTE)).toISOString());
}
