import { randomUUID } from "node:crypto";
import { setImmediate as endOfTurn } from "node:timers/promises";
import type { Logger } from "pino";
import type { Answer } from "./answer.ts";
import { attemptDeliveries, type Attempting, type AttemptResult } from "./attempt-delivery.ts";
import type { DestinationDeps } from "./destination-deps.ts";
import { KeyCache } from "./destination-keys.ts";
import { DestinationSlots, SLOTS_PER_DESTINATION } from "./destination-slots.ts";
import { disableDestination } from "./disable-destination.ts";
import { type AttemptFacts, outcomeOf, releaseOf } from "./outcome-of.ts";
import { requestsOf } from "./pace/requests-of.ts";
import { claimDeliveries, type ClaimedRow } from "./queries.ts";
import type { RetryPlan } from "./retry-plan.ts";
import { createSender, type Sender } from "./send.ts";
import { SettleQueue } from "./settle-queue.ts";

/** Four times what a request may take: a lease that ends belongs to a worker that is no more. */
const LEASE = 60_000;
/** The net under lost signals, and the grain of the retry schedule; in milliseconds. */
const POLL_INTERVAL = 1_000;
/** How often a destination with a rate is claimed for, or its bucket would run over. */
const PACE_INTERVAL = 200;

export interface DeliveryWorkerOptions extends DestinationDeps {
  readonly log: Logger;
  /** Seconds to wait before each attempt, the first included. */
  readonly retrySchedule: readonly number[];
  /** A number in [0, 1) for the jitter; `Math.random` unless given. */
  readonly random?: () => number;
  /** Milliseconds that a receiver has to answer; 15,000 unless given. */
  readonly sendTimeout?: number;
  /** Milliseconds between looks for what nobody signalled; 1,000 unless given. */
  readonly pollInterval?: number;
}

/**
 * Sends what is due to its destinations.
 *
 * A delivery is `pending` until a worker leases it (`sending`); it ends as `delivered`, goes back
 * to `retrying` with a time, or is given up (`exhausted`). Whatever the worker does not live to
 * write, its lease's end undoes: the delivery is sent again under the same id. Signals and a slow
 * poll start a claim; a claim takes no more than the slots allow; a slot comes free when the
 * outcome is committed, because only then may the booking's next delivery go.
 */
export class DeliveryWorker {
  readonly #options: DeliveryWorkerOptions;
  readonly #plan: RetryPlan;
  readonly #pollInterval: number;
  readonly #sender: Sender;
  /** What each attempt works with. */
  readonly #attempting: Attempting;
  readonly #settles: SettleQueue;
  readonly #slots = new DestinationSlots();
  readonly #running = new Set<Promise<void>>();
  #stopListening: () => void = () => {};
  #poll: NodeJS.Timeout | null = null;
  #pacing: NodeJS.Timeout | null = null;
  #claiming: Promise<void> | null = null;
  /** There may be something to claim: at destinations that work, or at all of them. */
  #due: "nothing" | "working" | "all" = "nothing";
  /** The last claim took as much as there were slots. */
  #isBackedUp = false;
  #isStopping = false;
  #isAborted = false;
  #lastClaimAt: Date | null = null;

  constructor(options: DeliveryWorkerOptions) {
    const { db, log, secretBox, policy, resolve, sendTimeout } = options;
    this.#options = options;
    this.#pollInterval = options.pollInterval ?? POLL_INTERVAL;
    this.#plan = { schedule: options.retrySchedule, random: options.random ?? Math.random };
    const timeout = sendTimeout === undefined ? {} : { timeout: sendTimeout };
    this.#sender = createSender({ policy, resolve, ...timeout });
    const keys = new KeyCache(secretBox);
    this.#attempting = { sender: this.#sender, keys, publicUrl: options.publicUrl };
    this.#settles = new SettleQueue(db, log);
  }

  start(): void {
    this.#stopListening = this.#options.wake.on("deliveries", () => this.#claimSoon("working"));
    this.#poll = setInterval(() => this.#claimSoon("all"), this.#pollInterval);
    this.#claimSoon("all");
  }

  /**
   * Takes nothing new, lets what is being sent finish, and gives back the leases of what does
   * not finish in time.
   * @param deadline milliseconds that requests under way still have
   */
  async stop(deadline = 10_000): Promise<void> {
    this.#isStopping = true;
    this.#stopListening();
    if (this.#poll !== null) clearInterval(this.#poll);
    if (this.#pacing !== null) clearTimeout(this.#pacing);
    await this.#claiming;
    const timer = setTimeout(() => this.#abort(), deadline);
    while (this.#running.size > 0) await Promise.all(this.#running);
    clearTimeout(timer);
    await this.#sender.close();
  }

  /** How the worker is, for the health page. */
  health(): { readonly inFlight: number; readonly lastClaimAt: Date | null } {
    return { inFlight: this.#slots.inFlight, lastClaimAt: this.#lastClaimAt };
  }

  #abort(): void {
    this.#isAborted = true;
    void this.#sender.close();
  }

  #claimSoon(due: "working" | "all"): void {
    if (this.#due !== "all") this.#due = due;
    if (this.#claiming !== null || this.#isStopping) return;
    this.#claiming = this.#claimWhileDue()
      .catch((error: unknown) => {
        this.#options.log.error({ err: error }, "deliveries could not be claimed");
      })
      .finally(() => {
        this.#claiming = null;
        // What was signalled in the last moment.
        if (this.#due !== "nothing" && this.#slots.free > 0) this.#claimSoon(this.#due);
      });
  }

  async #claimWhileDue(): Promise<void> {
    while (this.#due !== "nothing" && !this.#isStopping && this.#slots.free > 0) {
      // All slots that come free in this turn of the event loop are filled by one claim.
      await endOfTurn();
      const alsoFailing = this.#due === "all";
      this.#due = "nothing";
      await this.#claim(alsoFailing);
    }
  }

  async #claim(alsoFailing: boolean): Promise<void> {
    const { db, clock } = this.#options;
    const now = clock.now();
    const token = randomUUID();
    const limit = this.#slots.free;
    const limited = this.#slots.limits(now, alsoFailing);
    const rows = await claimDeliveries(db, {
      now,
      leaseUntil: new Date(now.getTime() + LEASE),
      token,
      limit,
      slots: SLOTS_PER_DESTINATION,
      limited,
    });
    this.#lastClaimAt = now;
    const requests = requestsOf(rows);
    this.#isBackedUp = requests.length >= limit;
    for (const [row] of requests) if (row !== undefined) this.#slots.take(row.destination_id);
    this.#slots.noteClaim(limited);
    if (rows.some(({ rate }) => rate !== null)) this.#claimAtPace();
    for (const request of requests) {
      const running = this.#deliver(request, token).finally(() => this.#running.delete(running));
      this.#running.add(running);
    }
  }

  /** Claims again soon: what a rate held back is not told of. */
  #claimAtPace(): void {
    this.#pacing ??= setTimeout(() => {
      this.#pacing = null;
      this.#claimSoon("all");
    }, PACE_INTERVAL).unref();
  }

  /** @param rows what goes out in one request */
  async #deliver(rows: readonly ClaimedRow[], token: string): Promise<void> {
    const [first] = rows;
    if (first === undefined) return;
    const { clock } = this.#options;
    const id = first.destination_id;
    try {
      const at = clock.now();
      const results = await attemptDeliveries(this.#attempting, rows, at);
      const more = await this.#settleAll(rows, token, results, at);
      if (more || this.#isBackedUp || this.#slots.isBackedUp(id) || mayHoldBack(first)) {
        this.#due = "all";
      }
    } catch (error) {
      const delivery = first.delivery_id;
      this.#options.log.error({ err: error, delivery }, "a delivery could not be settled");
    } finally {
      this.#slots.release(id, clock.now());
      if (this.#due !== "nothing") this.#claimSoon(this.#due);
    }
  }

  /** @returns whether something that waited for one of them can be sent now */
  async #settleAll(
    rows: readonly ClaimedRow[],
    token: string,
    results: readonly AttemptResult[],
    at: Date,
  ): Promise<boolean> {
    const now = this.#options.clock.now();
    const answers = results.flatMap((result) => ("answer" in result ? [result.answer] : []));
    const shared = answers.find(({ requestBody }) => requestBody !== null) ?? answers[0];
    const isCutOff = this.#isAborted && shared?.statusCode === null;
    const [id] = rows.map((row) => row.destination_id);
    const holdUntil =
      isCutOff || shared === undefined || id === undefined
        ? null
        : this.#slots.learn(id, shared, now);
    const facts = { at, now, isShared: answers.length > 1, holdUntil };
    const settled = await Promise.all(
      rows.map((row, index) => this.#settle(row, token, results[index], facts, isCutOff)),
    );
    return settled.some((more) => more);
  }

  async #settle(
    row: ClaimedRow,
    token: string,
    result: AttemptResult | undefined,
    facts: AttemptFacts,
    isCutOff: boolean,
  ): Promise<boolean> {
    if (result === undefined || (isCutOff && "answer" in result)) {
      return this.#settles.settle(releaseOf(row, token, facts.now));
    }
    const outcome = outcomeOf(row, token, result, this.#planOf(row), facts);
    const more = await this.#settles.settle(outcome);
    if (outcome.next_attempt_at !== null) this.#claimBeforePoll(outcome.next_attempt_at);
    if ("answer" in result) await this.#afterAnswer(row, result.answer);
    return more;
  }

  #planOf({ retry_schedule: own }: ClaimedRow): RetryPlan {
    return own === null ? this.#plan : { ...this.#plan, schedule: own };
  }

  /** Claims at an instant that comes sooner than the next poll may. */
  #claimBeforePoll(at: Date): void {
    const wait = at.getTime() - this.#options.clock.now().getTime();
    if (wait <= 0) this.#due = "all";
    else if (wait < this.#pollInterval) setTimeout(() => this.#claimSoon("all"), wait).unref();
  }

  async #afterAnswer(row: ClaimedRow, answer: Answer): Promise<void> {
    const { log, db, clock } = this.#options;
    const { errorClass } = answer;
    if (errorClass === null) return;
    const about = { delivery: row.delivery_id, destination: row.destination_id, errorClass };
    log.info({ ...about, attempt: row.attempt_count + 1 }, "a delivery failed");
    if (errorClass !== "gone") return;
    await disableDestination(
      { db, clock },
      row.org_id,
      row.destination_id,
      reasonToDisable(answer),
    );
    log.warn(about, "a destination was disabled");
  }
}

/** What a receiver answered that wants no more: its status, and the word that it has for it. */
function reasonToDisable({ statusCode, responseBody }: Answer): string {
  const own = /^\w{1,40}$/.exec(responseBody?.trim() ?? "");
  const word = statusCode === 410 ? " Gone" : own === null ? "" : ` ${own[0]}`;
  return `The receiver answered ${statusCode}${word}: it wants no more messages.`;
}

/** Whether a claim may have left more of the destination than it could tell. */
function mayHoldBack({ concurrency, batch_size: size }: ClaimedRow): boolean {
  return concurrency !== null || size > 1;
}
