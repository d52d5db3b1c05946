import { ApiError } from "@slotwire/client";
import type { CommandResource } from "@slotwire/contract";
import type { Language } from "../messages/en.ts";

type Words = Language["common"];

/** Why the hub did not do something and what to do about it, in words. */
export function problemWords(error: unknown, words: Words): string {
  if (!(error instanceof ApiError)) return words.unreachable;
  const { status, problem, code } = error;
  const own = words.errors[code];
  if (own !== undefined) return own;
  if (status === 401) return words.signedOut;
  // What else is not allowed has other remedies.
  if (status === 403 && (code === "E_FORBIDDEN" || code === "E_HTTP")) return words.forbidden;
  if (status === 404) return words.missing;
  if (status === 429) return words.busy;
  // A proxy's answer, in place of the hub's.
  if (code === "E_HTTP" && status > 501) return words.unreachable;
  if (status === 500 || status === 503) return words.broken;
  if (words.refused !== null) return words.refused(code);
  // What only the hub can say: in its own words.
  const { errors = [], remedy } = problem;
  // The remedy for those speaks of the list that only programs see.
  if (errors.length > 0) return sentence(errors.map(fieldWords).join("; "));
  return `${sentence(error.message)} ${sentence(remedy)}`.trim();
}

/** Which part of what was asked is wrong: by its name, wherever that stood. */
function fieldWords({
  path,
  message,
}: {
  readonly path: string;
  readonly message: string;
}): string {
  const name = path.replace(/^(querystring|body|params)\.?/, "");
  return name === "" ? message : `${name}: ${message}`;
}

const sentence = (text: string): string => (/[.?!]$/.test(text) || text === "" ? text : `${text}.`);

/** Why a source has not done what it was asked for; empty when there is nothing to say. */
export function commandWords({ problem }: CommandResource, words: Words): string {
  if (problem === null) return "";
  const { code, message } = problem;
  const own = words.errors[code] ?? words.refused?.(code) ?? message;
  // What the source itself says is quoted, in whatever language it speaks.
  return code === "E_SOURCE_REFUSED" && own !== message ? `${own} “${message}”` : own;
}
