import type { MappingExpression } from "@slotwire/contract";
import { pathProblem, readPath } from "./path.ts";

/** A single value as a source may write it. */
export type Scalar = string | number | boolean;

/** What an expression led to: a value, nothing, or something that is no single value. */
export type Found =
  | { readonly state: "value"; readonly value: Scalar }
  | { readonly state: "nothing" }
  | { readonly state: "wrong"; readonly problem: string };

/** Longer texts are cut before anything is made of them. */
const MAX_TEXT = 10_000;
/** A path in braces within a template. A brace belongs to a path only between quotes. */
const placeholder = /\{(\$(?:[^{}"']|"[^"]*"|'[^']*')*)\}/g;

/** Reads an expression of a mapping from a body. Never throws. */
export function readExpression(expression: MappingExpression, body: unknown): Found {
  if ("constant" in expression) return { state: "value", value: expression.constant };
  if ("template" in expression) return readTemplate(expression.template, body);
  const problem = pathProblem(expression.path);
  if (problem !== null) return { state: "wrong", problem };
  const found = scalarOf(readPath(expression.path, body));
  if (found.state !== "nothing" || expression.default === undefined) return found;
  return { state: "value", value: expression.default };
}

/** The value that an expression leads to, of any shape; undefined for nothing. */
export function readAny(expression: MappingExpression, body: unknown): unknown {
  if (!("path" in expression)) {
    const found = readExpression(expression, body);
    return found.state === "value" ? found.value : undefined;
  }
  return readPath(expression.path, body) ?? expression.default;
}

function readTemplate(template: string, body: unknown): Found {
  let hasValue = false;
  let problem: string | null = null;
  const text = template.replace(placeholder, (_whole, path: string) => {
    const part = readExpression({ path }, body);
    if (part.state === "wrong") problem = part.problem;
    if (part.state !== "value") return "";
    hasValue = true;
    return String(part.value);
  });
  if (problem !== null) return { state: "wrong", problem };
  const value = text.trim().slice(0, MAX_TEXT);
  return hasValue && value !== "" ? { state: "value", value } : { state: "nothing" };
}

function scalarOf(value: unknown): Found {
  if (value === undefined || value === null || value === "") return { state: "nothing" };
  if (typeof value === "string") return { state: "value", value: value.slice(0, MAX_TEXT) };
  if (typeof value === "boolean") return { state: "value", value };
  if (typeof value === "number") {
    return Number.isFinite(value)
      ? { state: "value", value }
      : { state: "wrong", problem: "The number is too large." };
  }
  return { state: "wrong", problem: "This is a group of values: choose one of them." };
}

/** What is wrong with an expression whatever the message, in words; null for nothing. */
export function expressionProblem(expression: MappingExpression): string | null {
  if ("constant" in expression) return null;
  if ("path" in expression) return pathProblem(expression.path);
  const paths = [...expression.template.matchAll(placeholder)].map(([, path = ""]) => path);
  if (paths.length === 0) return "A template needs a path in braces, like {$.first_name}.";
  return paths.map(pathProblem).find((problem) => problem !== null) ?? null;
}
