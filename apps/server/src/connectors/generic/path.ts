import { JSONPathEnvironment, type JSONPathQuery, type JSONValue } from "json-p3";

/** Steps of a path: a message has at most 64 levels. */
const MAX_STEPS = 64;
/** Compiled paths that are remembered; a hub has a few hundred at most. */
const MAX_REMEMBERED = 2000;

const environment = new JSONPathEnvironment({ strict: true });
const remembered = new Map<string, JSONPathQuery | string>();

/** One step of a path, as far as it may be used here. */
const step =
  /^(?:\.[A-Za-z_\u0080-\uFFFF][\w\u0080-\uFFFF]*|\[-?\d{1,6}\]|\[(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\]|\[\?\s*@(?:\.\w+|\[(?:'[^'\\]*'|"[^"\\]*")\])+\s*==\s*(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|-?\d{1,15}|true|false)\s*\])/;

/**
 * Reads what a JSONPath (RFC 9535) leads to: names, places in lists, and the member of a list that
 * has a value, as in `$.answers[?@.question == "Phone"].answer`. The other selectors and functions
 * may take time that grows with the product of their lengths, and are refused.
 * @returns the first value; undefined when there is none
 */
export function readPath(path: string, body: unknown): unknown {
  const query = compiled(path);
  return typeof query === "string" ? undefined : query.match(body as JSONValue)?.value;
}

/** What is wrong with a path, in words; null for nothing. */
export function pathProblem(path: string): string | null {
  const query = compiled(path);
  return typeof query === "string" ? query : null;
}

/** @returns what is wrong with it, if it is no path that may be used */
function compiled(path: string): JSONPathQuery | string {
  const before = remembered.get(path);
  if (before !== undefined) return before;
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  const query = compile(path);
  remembered.set(path, query);
  return query;
}

function compile(path: string): JSONPathQuery | string {
  if (!path.startsWith("$")) return "A path begins with $, like $.booking.start.";
  let rest = path.slice(1);
  for (let steps = 0; rest !== ""; steps += 1) {
    const [first] = step.exec(rest) ?? [];
    if (first === undefined) return `This part of the path cannot be used: ${rest.slice(0, 40)}`;
    if (steps === MAX_STEPS) return `A path has at most ${MAX_STEPS} steps.`;
    rest = rest.slice(first.length);
  }
  try {
    return environment.compile(path);
  } catch {
    return "This is no JSONPath by RFC 9535.";
  }
}

/** The path of a member of what a path leads to. */
export function memberPath(path: string, key: string | number): string {
  if (typeof key === "number") return `${path}[${key}]`;
  if (/^[A-Za-z_]\w*$/.test(key)) return `${path}.${key}`;
  return `${path}[${JSON.stringify(key)}]`;
}
