/** Requests made up from the API's own description, for tests that send what nobody thought of. */

/** Numbers in [0, 1) that a seed repeats. */
export type Random = () => number;

/** Mulberry32: small, and good enough to choose with. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function pick<Item>(random: Random, items: readonly Item[]): Item {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error("there is nothing to pick from");
  return item;
}

interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly minLength?: number;
  readonly $ref?: string;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: JsonSchema;
}

/** One route of the description. */
export interface Operation {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body: JsonSchema | null;
}

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

interface DescribedOperation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema?: JsonSchema }>>;
  };
}

/** Every route that the OpenAPI document describes. */
export function operationsOf(document: object): Operation[] {
  return Object.entries((document as Description).paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => {
      const { parameters = [], requestBody } = described as DescribedOperation;
      const body = requestBody?.content["application/json"]?.schema ?? null;
      return {
        method: method.toUpperCase() as Operation["method"],
        path,
        parameters,
        body,
      };
    }),
  );
}

/** Whether the operation has a field for an id: in its path, its query or its body. */
export function takesIds({ path, parameters, body }: Operation): boolean {
  return /\{|"format":"uuid"|ids?"/.test(`${path} ${JSON.stringify([parameters, body])}`);
}

/** A request to send, and the ids that its body carries where the API takes any text. */
export interface SampledRequest {
  readonly method: Operation["method"];
  readonly url: string;
  readonly payload: object | null;
  readonly asText: readonly string[];
}

/**
 * Makes up a request that fits an operation: every field that has the shape or the name of an id
 * holds one of the ids.
 * @param random what chooses
 * @param given the ids by what they are of, so that few destinations are asked for as often as
 *   many bookings; and the address that fields for an address hold
 */
export function sampleRequest(
  operation: Operation,
  random: Random,
  { ids, url }: { readonly ids: readonly (readonly string[])[]; readonly url: string },
): SampledRequest {
  const asText: string[] = [];
  let inBody = false;
  const idFor = (schema: JsonSchema): string => {
    const id = pick(random, pick(random, ids));
    if (inBody && schema.format !== "uuid") asText.push(id);
    return id;
  };
  const value = (name: string, schema: JsonSchema): unknown => {
    const choice = schema.anyOf ?? schema.oneOf;
    if (choice !== undefined) return value(name, pick(random, choice));
    if (schema.const !== undefined) return schema.const;
    if (schema.enum !== undefined) return pick(random, schema.enum);
    if (schema.format === "uuid") return idFor(schema);
    const type =
      typeof schema.type === "string" ? schema.type : pick(random, schema.type ?? ["null"]);
    if (name === "kind") return "calcom";
    if (type === "string")
      return isIdName(name) ? idFor(schema) : textOf(name, schema, random, url);
    if (type === "integer" || type === "number") return Math.max(schema.minimum ?? 0, 1);
    if (type === "boolean") return random() < 0.5;
    if (type === "array") return schema.items === undefined ? [] : [value(name, schema.items)];
    if (type === "object") return objectOf(schema);
    return null;
  };
  const objectOf = (schema: JsonSchema): object => {
    const fields = Object.entries(schema.properties ?? {}).filter(
      ([name]) => schema.required?.includes(name) === true || isIdName(name) || random() < 0.4,
    );
    return Object.fromEntries(fields.map(([name, field]) => [name, value(name, field)]));
  };

  let path = operation.path;
  const query = new URLSearchParams();
  for (const { name, in: place, required, schema } of operation.parameters) {
    if (place === "path") {
      path = path.replace(`{${name}}`, encodeURIComponent(String(value(name, schema))));
    } else if (place === "query" && (required === true || random() < likelihoodOf(name))) {
      query.set(name, String(value(name, schema)));
    }
  }
  inBody = true;
  const body = operation.body === null ? null : value("", operation.body);
  return {
    method: operation.method,
    url: query.size === 0 ? path : `${path}?${query.toString()}`,
    payload: typeof body === "object" ? body : null,
    asText,
  };
}

/** A cursor that is none spoils the whole request. */
const likelihoodOf = (name: string): number =>
  name === "cursor" ? 0.1 : isIdName(name) ? 0.6 : 0.2;

const isIdName = (name: string): boolean => /(^|_)(id|ids|uid|connection|cursor)$/.test(name);

function textOf(name: string, schema: JsonSchema, random: Random, url: string): string {
  const number = Math.floor(random() * 1e9);
  if (schema.format === "date-time") {
    // What ends does so after it began.
    const day = 1 + (number % 14) + (/^(ends|to)/.test(name) ? 14 : 0);
    return `2026-02-${String(day).padStart(2, "0")}T10:00:00Z`;
  }
  if (schema.format === "date") return "2026-02-03";
  if (schema.format === "email") return `somebody-${number}@example.com`;
  if (schema.format === "uri") return url;
  return `text ${number} that is long enough`.slice(0, Math.max(schema.minLength ?? 0, 29));
}
