import type { RunningHub } from "../../src/cli/start-hub.ts";
import { type Random, seededRandom } from "../../src/demo/seeded-random.ts";
import { sendBroken } from "./broken-requests.ts";
import { checkLedger } from "./check-ledger.ts";
import type { ErrorLog } from "./error-log.ts";
import { fuzzSecret, fuzzSources } from "./fuzz-sources.ts";
import { type Call, caller, connectAll, makeMutant, type Mutant, type Target } from "./mutants.ts";
import { startMutatedApi } from "./mutated-api.ts";

/** The settings of the environment's sources that are written to. */
export const fuzzSettings = {
  CRM_WEBHOOK_SECRET: fuzzSecret,
  SUPABASE_WEBHOOK_SECRET: fuzzSecret,
  IMPORT_API_KEY: fuzzSecret,
  SLOTWIRE_ALLOW_PRIVATE_DESTINATIONS: "true",
};

export interface FuzzOptions {
  readonly apiKey: string;
  readonly bodies: number;
  readonly seed: number;
  /** Called after every batch with the number of bodies so far. */
  readonly onBatch?: (sent: number) => void;
}

/** Something that must never be, with what led to it. */
export interface Finding {
  readonly what: string;
  readonly source: string | null;
  readonly detail: string;
  /** The body that it came of, where it is known; base64. */
  readonly body: string | null;
}

export interface FuzzReport {
  readonly findings: readonly Finding[];
  /** How many bodies had which outcome, by source: the action, or the status and its code. */
  readonly outcomes: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly events: number;
}

/** The share of messages that are sent a second time, in a way that clients do not. */
const BROKEN = 0.02;
/** So often the hub is looked at; each look reads the whole ledger. */
const LOOKS = 12;
const SENDERS = 8;
/** More of them would only repeat themselves. */
const MAX_FINDINGS = 20;

/**
 * Sends mutated messages of every kind of source to a hub that listens, each with a valid proof,
 * and looks after every batch whether the hub is whole.
 */
export async function runFuzz(
  running: RunningHub,
  errors: ErrorLog,
  { apiKey, bodies, seed, onBatch }: FuzzOptions,
): Promise<FuzzReport> {
  const random = seededRandom(seed);
  const findings: Finding[] = [];
  const outcomes: Outcomes = new Map();
  const api = await startMutatedApi(seed + 1);
  const onRejection = (error: unknown): void => {
    findings.push(finding("a promise was rejected unheard", String((error as Error)?.stack)));
  };
  process.on("unhandledRejection", onRejection);
  process.on("uncaughtException", onRejection);
  const batch = Math.ceil(bodies / LOOKS);
  let lastSeq = 0;
  try {
    const call = caller(running.address, apiKey);
    const targets = await connectAll(call, running.address, random, fuzzSources(api.url), seed);
    onBatch?.(0);
    for (let sent = 0; sent < bodies && findings.length < MAX_FINDINGS;) {
      const size = Math.min(batch, bodies - sent);
      findings.push(...(await sendBatch(random, targets, size, outcomes)));
      const ledger = await checkLedger(running.hub.db, running.hub.defaultOrgId, lastSeq);
      for (const { what, rows } of ledger.mistakes) {
        findings.push(finding(what, JSON.stringify(rows)));
      }
      findings.push(...(await readEverything(call, lastSeq)));
      for (const line of errors.take()) findings.push(finding("the hub logged an error", line));
      lastSeq = ledger.lastSeq;
      sent += size;
      onBatch?.(sent);
    }
  } finally {
    process.off("unhandledRejection", onRejection);
    process.off("uncaughtException", onRejection);
    await api.close();
  }
  return { findings: findings.slice(0, MAX_FINDINGS), outcomes, events: lastSeq };
}

function finding(what: string, detail: string, mutant: Mutant | null = null): Finding {
  const body = mutant?.body.subarray(0, 6_000).toString("base64") ?? null;
  return { what, source: mutant?.target.name ?? null, detail: detail.slice(0, 4_000), body };
}

type Outcomes = Map<string, Map<string, number>>;

/** Some requests of a batch are sent once more, in odd ways. */
async function sendBatch(
  random: Random,
  targets: readonly Target[],
  size: number,
  outcomes: Outcomes,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  let left = size;
  const sendSome = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const mutant = makeMutant(random, targets);
      // Drawn now: what is drawn while others are under way could not be repeated.
      const ways = seededRandom(Math.floor(random() * 2 ** 32));
      const isBroken = random() < BROKEN;
      const found = await send(mutant, outcomes);
      if (found !== null) findings.push(found);
      if (isBroken) findings.push(...(await sendBrokenly(ways, mutant, outcomes)));
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, sendSome));
  return findings;
}

async function send(mutant: Mutant, outcomes: Outcomes): Promise<Finding | null> {
  const { target, body, headers } = mutant;
  let text = "";
  try {
    const answer = await fetch(target.url, { method: "POST", headers, body: new Uint8Array(body) });
    text = await answer.text();
    const outcome = outcomeOf(answer.status, text);
    count(outcomes, target.name, outcome ?? "no receipt");
    if (outcome !== null) return null;
    return finding(
      "an answer is neither a receipt nor a problem of the body",
      `${answer.status} ${text}`,
      mutant,
    );
  } catch (error) {
    return finding("there was no answer", `${String((error as Error).cause)} ${text}`, mutant);
  }
}

/** What became of a message in a word; null for an answer that must not be. */
function outcomeOf(status: number, text: string): string | null {
  // Its proof holds, and there is room: refusing it would try nothing.
  if (status >= 500 || status === 401 || status === 429) return null;
  let answer: Record<string, unknown>;
  try {
    answer = JSON.parse(text) as Record<string, unknown>;
  } catch {
    return null;
  }
  const { action, code, error, success, stored, deduplicated, delivery_status: sent } = answer;
  if (status >= 400) {
    const reason = code ?? error;
    return typeof reason === "string" && reason !== "" ? `${status} ${reason}` : null;
  }
  if (typeof success !== "boolean") return null;
  if (typeof action === "string") return action;
  if (sent !== undefined) return "answered";
  if (stored === true) return "stored";
  return deduplicated === true ? "deduplicated" : "booked";
}

function count(outcomes: Outcomes, name: string, outcome: string): void {
  const counts = outcomes.get(name) ?? new Map<string, number>();
  outcomes.set(name, counts.set(outcome, (counts.get(outcome) ?? 0) + 1));
}

async function sendBrokenly(
  random: Random,
  mutant: Mutant,
  outcomes: Outcomes,
): Promise<Finding[]> {
  const { target, headers, body } = mutant;
  try {
    const status = await sendBroken(random, { url: target.url, headers, body });
    count(outcomes, "broken requests", status === null ? "closed" : String(status));
    // What it cannot do at all, like another version of HTTP, is no mistake of the hub.
    if (status === null || status < 500 || status === 505) return [];
    return [finding("a broken request was the hub's fault", String(status), mutant)];
  } catch (error) {
    return [finding("a broken request was not answered", String(error), mutant)];
  }
}

/** What was taken in can be shown: nothing that a source sent makes a list unreadable. */
async function readEverything(call: Call, lastSeq: number): Promise<Finding[]> {
  const findings: Finding[] = [];
  const read = async (path: string): Promise<{ id?: string; booking_id?: string }[]> => {
    const { status, body } = await call<{ data?: object[] }>("GET", path);
    if (status === 200) return body.data ?? [];
    findings.push(
      finding("something cannot be shown", `${path}: ${status} ${JSON.stringify(body)}`),
    );
    return [];
  };
  const messages = await read("/inbound-messages?limit=50");
  const events = await read(`/booking-events?after=${lastSeq}&limit=200`);
  await read("/bookings?limit=200");
  await read("/customers?limit=50");
  await read("/alerts?limit=50");
  for (const { id } of messages.slice(0, 10)) await read(`/inbound-messages/${id}`);
  for (const { booking_id: id } of events.slice(0, 10)) {
    await read(`/bookings/${id}`);
    await read(`/bookings/${id}/timeline`);
  }
  return findings;
}
