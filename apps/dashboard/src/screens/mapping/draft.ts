import type { Mapping, MappingExpression, Sample } from "@slotwire/contract";

/** What is being mapped: one of our fields, or a value that is kept beside them. */
export type Target = string;

const METADATA = "metadata.";

/** The expression of a target; undefined when it has none. */
export function expressionOf(mapping: Mapping, target: Target): MappingExpression | undefined {
  return target.startsWith(METADATA)
    ? mapping.metadata[target.slice(METADATA.length)]
    : (mapping.fields as Readonly<Record<string, MappingExpression>>)[target];
}

/** The mapping with another expression for a target; undefined takes it out. */
export function withExpression(
  mapping: Mapping,
  target: Target,
  expression: MappingExpression | undefined,
): Mapping {
  if (target.startsWith(METADATA)) {
    const name = target.slice(METADATA.length);
    return { ...mapping, metadata: replaced(mapping.metadata, name, expression) };
  }
  return { ...mapping, fields: replaced(mapping.fields, target, expression) };
}

function replaced(
  expressions: Readonly<Record<string, MappingExpression>>,
  name: string,
  expression: MappingExpression | undefined,
): Record<string, MappingExpression> {
  const rest = Object.fromEntries(Object.entries(expressions).filter(([key]) => key !== name));
  return expression === undefined ? rest : { ...rest, [name]: expression };
}

/** How a target of the mapping is written, and which paths are in it. */
export function textOf(expression: MappingExpression): string {
  if ("path" in expression) return expression.path;
  return "template" in expression ? expression.template : expression.constant;
}

/** Whether an expression reads a path. */
export function readsPath(expression: MappingExpression, path: string): boolean {
  if ("constant" in expression) return false;
  return "path" in expression
    ? expression.path === path
    : expression.template.includes(`{${path}}`);
}

/**
 * The samples to choose from when later messages have come: the chosen one stays the example of its
 * shape, so that nothing moves under the hand of who maps it.
 */
export function withChosen(samples: readonly Sample[], chosen: Sample | undefined): Sample[] {
  if (chosen === undefined) return [...samples];
  const shape = shapeOf(chosen);
  const isThere = samples.some((sample) => shapeOf(sample) === shape);
  return isThere
    ? samples.map((sample) =>
        shapeOf(sample) === shape ? { ...chosen, count: sample.count } : sample,
      )
    : [chosen, ...samples];
}

/** As the hub tells shapes apart: by what is told of, and the fields wherever they stand in lists. */
function shapeOf({ trigger, fields }: Sample): string {
  const paths = fields.map(({ path, kind }) =>
    `${path} ${kind === "nothing" ? "" : kind}`.replaceAll(/\[\d+\]/g, "[]"),
  );
  return JSON.stringify([trigger, [...new Set(paths)].toSorted()]);
}

/** The words that the messages behind the samples use at an expression, each once. */
export function wordsAt(
  samples: readonly Sample[],
  expression: MappingExpression | undefined,
): string[] {
  if (expression === undefined || !("path" in expression)) return [];
  const words = samples
    .flatMap(({ fields }) => fields.filter(({ path }) => path === expression.path))
    .flatMap(({ value, others }) => [value ?? "", ...others]);
  return [...new Set(words)].filter((word) => word !== "");
}

/** Whether it says enough for a booking to be made. */
export function isComplete({ fields }: Mapping): boolean {
  const hasEnd = fields.end !== undefined || fields.duration !== undefined;
  return fields.uid !== undefined && fields.start !== undefined && hasEnd;
}

/** Whether two mappings say the same, in whatever order. */
export function isSameMapping(one: Mapping | null, other: Mapping | null): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, inner]) => [key, sorted(inner)]);
}
