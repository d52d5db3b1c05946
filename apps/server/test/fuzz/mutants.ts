import type { ConnectionResource, CreatedConnection } from "@slotwire/contract";
import { oneOf, type Random } from "../../src/demo/seeded-random.ts";
import { mediaTypes } from "./broken-requests.ts";
import type { FuzzSource } from "./fuzz-sources.ts";
import { mutateBody } from "./mutate.ts";
import { type Body, ofVisit, storiesOf, type Story } from "./stories.ts";

/** A source that is connected, and tells its stories. */
export interface Target extends FuzzSource {
  readonly url: URL;
  readonly next: () => Body;
}

export interface Mutant {
  readonly target: Target;
  readonly body: Buffer;
  readonly headers: Record<string, string>;
}

/** Asks the hub's API, and reads its answer as JSON. */
export type Call = <Answer>(
  method: string,
  path: string,
  body?: object,
) => Promise<{ status: number; body: Answer }>;

/** Calls the API with a key. */
export function caller(address: string, apiKey: string): Call {
  return async <Answer>(method: string, path: string, body?: object) => {
    const answer = await fetch(`${address}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as Answer };
  };
}

/** Connects every kind of source, and sets no limit to the messages of any. */
export async function connectAll(
  call: Call,
  address: string,
  random: Random,
  sources: readonly FuzzSource[],
  seed: number,
): Promise<Target[]> {
  const known = await call<{ data: ConnectionResource[] }>("GET", "/connections");
  for (const { id } of known.body.data) {
    await call("PATCH", `/connections/${id}`, { messages_per_minute: 1_000_000 });
  }
  const stories = storiesOf(seed);
  const targets: Target[] = [];
  for (const source of sources) {
    let url = `${address}${source.path ?? ""}`;
    if (source.connection !== null) {
      const input = { ...source.connection, name: source.name };
      const { status, body } = await call<CreatedConnection>("POST", "/connections", input);
      if (status !== 201) throw new Error(`${source.name}: ${JSON.stringify(body)}`);
      url = body.webhook_url;
    }
    const teller = tellerOf(random, stories[source.stories] ?? []);
    targets.push({ ...source, url: new URL(url), next: teller });
  }
  return targets;
}

/** Tells one true history after the other: in order, or shuffled, and some of it twice. */
function tellerOf(random: Random, stories: readonly Story[]): () => Body {
  let visits = 0;
  let told: Body[] = [];
  return () => {
    if (told.length === 0) {
      visits += 1;
      // Now and then an old visit again.
      const visit = random() < 0.3 ? Math.floor(random() * visits) : visits;
      const story = ofVisit(oneOf(random, stories) ?? [], visit);
      const twice = [...story, ...story.filter(() => random() < 0.2)];
      const isShuffled = random() < 0.6;
      told = twice
        .map((body, at) => ({ body, place: isShuffled ? random() : at }))
        .toSorted((a, b) => a.place - b.place)
        .map(({ body }) => body);
    }
    return told.shift() ?? {};
  };
}

/** The next mutated message, which proves itself. */
export function makeMutant(random: Random, targets: readonly Target[]): Mutant {
  const target = oneOf(random, targets);
  const other = oneOf(random, targets);
  if (target === undefined || other === undefined) throw new Error("there are no sources");
  const message = target.next();
  // Mostly of its own kind: what belongs to another source's messages is soon ignored.
  const stranger = random() < 0.7 ? target.next() : other.next();
  const body = mutateBody(random, message, stranger, target.write);
  const proof = target.sign(body, target.url.href);
  const isOddType = random() < 0.05;
  const type = isOddType ? { "content-type": oneOf(random, mediaTypes) ?? "" } : {};
  return { target, body, headers: { ...proof, ...type } };
}
