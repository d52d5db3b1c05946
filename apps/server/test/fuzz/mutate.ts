import { isRecord } from "../../src/domain/is-record.ts";
import { oneOf, type Random } from "../../src/demo/seeded-random.ts";
import { oddNames, oddStructures, oddValues, writeJson } from "./odd-values.ts";

/** A place in a body: what holds the value, and by which name. */
interface Place {
  readonly holder: Record<string, unknown> | unknown[];
  readonly name: string;
}

const chance = (random: Random, share: number): boolean => random() < share;
const below = (random: Random, count: number): number => Math.floor(random() * count);

/**
 * A body that its source would never send: a message with some of its values, names or bytes
 * replaced. The same numbers make the same body.
 * @param body left as it is
 * @param other another message of any source, parts of which may get into this one
 */
export function mutateBody(
  random: Random,
  body: Record<string, unknown>,
  other: unknown,
  write: (value: unknown) => string = writeJson,
): Buffer {
  let value: unknown = structuredClone(body);
  if (chance(random, 0.75)) {
    const times = 1 + below(random, chance(random, 0.2) ? 12 : 3);
    for (let time = 0; time < times; time += 1) value = mutateValue(random, value, other);
  }
  const text = write(value);
  const bytes = Buffer.from(chance(random, 0.1) ? mutateText(random, text) : text);
  return chance(random, 0.12) ? mutateBytes(random, bytes) : bytes;
}

function mutateValue(random: Random, root: unknown, other: unknown): unknown {
  // Now and then the whole of it.
  if (chance(random, 0.01)) return oddValue(random);
  const places = placesIn(root);
  const place = oneOf(random, places);
  if (place === undefined) return root;
  const kind = random();
  if (kind < 0.45) put(place, oddValue(random));
  else if (kind < 0.6) remove(place);
  else if (kind < 0.68) put(place, otherType(at(place)));
  else if (kind < 0.78) swap(place, oneOf(random, places) ?? place);
  else if (kind < 0.86) rename(place, oneOf(random, oddNames) ?? "");
  else put(place, at(oneOf(random, placesIn(other)) ?? place));
  return root;
}

function oddValue(random: Random): unknown {
  if (chance(random, 0.03)) return oneOf(random, oddStructures)?.();
  return oneOf(random, oneOf(random, oddValues) ?? []);
}

/** Every place of a value. It uses no recursion: values may be deep. */
function placesIn(root: unknown): Place[] {
  const places: Place[] = [];
  const open: unknown[] = [root];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (!isRecord(value) && !Array.isArray(value)) continue;
    for (const name of Object.keys(value).slice(0, 50)) {
      const place = { holder: value, name };
      places.push(place);
      const inner = at(place);
      if (typeof inner === "object" && inner !== null && places.length < 2_000) open.push(inner);
    }
  }
  return places;
}

function at({ holder, name }: Place): unknown {
  return (holder as Record<string, unknown>)[name];
}

/** As JSON.parse does: `__proto__` is a name like any other. */
function put({ holder, name }: Place, value: unknown): void {
  Object.defineProperty(holder, name, {
    value: structuredClone(value),
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

function remove({ holder, name }: Place): void {
  if (Array.isArray(holder)) holder.splice(Number(name), 1);
  else delete holder[name];
}

function swap(one: Place, two: Place): void {
  const [first, second] = [structuredClone(at(one)), structuredClone(at(two))];
  put(one, second);
  put(two, first);
}

function rename(place: Place, name: string): void {
  const value = at(place);
  remove(place);
  if (!Array.isArray(place.holder)) put({ holder: place.holder, name }, value);
}

/** The same said by another type, as careless programs do. */
function otherType(value: unknown): unknown {
  if (typeof value === "string") return value === "" ? null : Number(value) || [value];
  if (typeof value === "number") return String(value);
  if (typeof value === "boolean") return value ? "true" : 0;
  if (Array.isArray(value)) return Object.fromEntries(value.map((one, index) => [index, one]));
  return isRecord(value) ? Object.values(value) : "";
}

/** A name that comes twice, a comma too many, a comment: what some parsers forgive. */
function mutateText(random: Random, text: string): string {
  const openings = [...text.matchAll(/\{(?=")/g)].map(({ index }) => index + 1);
  const place = oneOf(random, openings);
  const kind = random();
  if (place !== undefined && kind < 0.7) {
    const names = [...text.matchAll(/"([A-Za-z_]+)":/g)].map(([, name]) => name ?? "");
    const twice = `${JSON.stringify(oneOf(random, names) ?? "")}:${writeJson(oddValue(random))},`;
    return `${text.slice(0, place)}${twice}${text.slice(place)}`;
  }
  if (kind < 0.8) return `${text}${text}`;
  if (kind < 0.9) return `\uFEFF ${text} \n`;
  return text.replace(/\}$/, ",}");
}

function mutateBytes(random: Random, bytes: Buffer): Buffer {
  const place = below(random, bytes.length + 1);
  const kind = random();
  if (kind < 0.3) return bytes.subarray(0, place);
  const junk = Buffer.from(Array.from({ length: 1 + below(random, 6) }, () => below(random, 256)));
  if (kind < 0.6) return Buffer.concat([bytes.subarray(0, place), junk, bytes.subarray(place)]);
  if (kind < 0.7) return Buffer.concat([bytes.subarray(place), bytes.subarray(0, place)]);
  const flipped = Buffer.from(bytes);
  for (let times = below(random, 4); times >= 0; times -= 1) {
    const where = below(random, flipped.length);
    if (where < flipped.length) flipped[where] = (flipped[where] ?? 0) ^ (1 << below(random, 8));
  }
  return flipped;
}
