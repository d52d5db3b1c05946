import type { WebhookReceipt } from "@slotwire/contract";
import { ManualClock } from "../apps/server/src/clock.ts";
import { groomers, petOwners, services } from "../apps/server/src/demo/demo-people.ts";
import { oneOf, type Random } from "../apps/server/src/demo/seeded-random.ts";
import {
  SimulatedCalcom,
  type SimulatedMessage,
} from "../apps/server/src/demo/simulated-calcom.ts";
import type { Visit } from "../apps/server/src/demo/visit.ts";

/** How many messages are on their way at a time. */
const LANES = 16;
const HOUR = 60 * 60_000;
const FIRST_DAY = Date.parse("2026-03-10T08:00:00Z");

/**
 * A source of bookings that loses nothing: what was not answered with 2xx is sent again, the same
 * to the byte, when the hub is back. Messages of different and of the same visits are on their way
 * side by side, so that they overtake each other.
 */
export class CarefulSource {
  readonly #random: Random;
  readonly #calcom: SimulatedCalcom;
  readonly #clock = new ManualClock("2026-03-01T08:00:00Z");
  readonly #queue: SimulatedMessage[] = [];
  readonly #distinct = new Set<string>();
  /** Receipts of every answer with 2xx, by the body that they answer. */
  readonly receipts = new Map<string, WebhookReceipt>();
  /** How many messages had to be sent again because no answer came. */
  unanswered = 0;

  constructor(secret: string, random: Random) {
    this.#random = random;
    this.#calcom = new SimulatedCalcom({ secret, clock: this.#clock, random });
  }

  /** What truly happened. */
  get visits(): readonly Visit[] {
    return this.#calcom.visits;
  }

  /** How many different messages there are. */
  get distinct(): number {
    return this.#distinct.size;
  }

  /** How many messages still have to be sent. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** Lets `count` people book; some of them move, cancel, or are approved. */
  live(count: number): void {
    for (let number = 0; number < count; number += 1) this.#enqueue(this.#visitOf(number));
  }

  /**
   * Posts until so many have been answered, nothing is left, or the hub is gone.
   * @returns how many were answered with 2xx
   * @throws Error when the hub answers with anything but 2xx
   */
  async send(url: string, answers: number, enough: () => void = () => {}): Promise<number> {
    let answered = 0;
    let isGone = false;
    const lane = async (): Promise<void> => {
      for (
        let message = this.#queue.shift();
        message !== undefined;
        message = this.#queue.shift()
      ) {
        const receipt = await post(url, message);
        if (receipt === null) {
          this.#queue.push(message);
          this.unanswered += 1;
          isGone = true;
        } else {
          this.receipts.set(message.body.toString("utf8"), receipt);
          answered += 1;
          if (answered === answers) enough();
        }
        if (isGone) return;
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    return answered;
  }

  #visitOf(number: number): SimulatedMessage[] {
    const service = oneOf(this.#random, services) ?? fail();
    const times = this.#times(service.minutes);
    const draft = {
      ...times,
      service,
      groomer: oneOf(this.#random, groomers) ?? fail(),
      owner: oneOf(this.#random, petOwners) ?? fail(),
      remark: `Visit ${number}`,
    };
    const isAsked = service.needsApproval;
    const first = isAsked ? this.#calcom.request(draft) : this.#calcom.book(draft);
    const { icalUid } = first;
    const messages = [first];
    const chance = (ofHundred: number): boolean => this.#random() * 100 < ofHundred;
    if (isAsked && chance(70)) messages.push(this.#calcom.approve(icalUid));
    while (chance(45))
      messages.push(this.#calcom.reschedule(icalUid, this.#times(service.minutes)));
    if (chance(20)) messages.push(this.#calcom.cancel(icalUid, "Ill."));
    this.#clock.advance(1000);
    return messages;
  }

  #times(minutes: number): Pick<Visit, "startsAt" | "endsAt"> {
    const start = FIRST_DAY + Math.floor(this.#random() * 500) * HOUR;
    return {
      startsAt: new Date(start).toISOString(),
      endsAt: new Date(start + minutes * 60_000).toISOString(),
    };
  }

  /** Some are sent twice, at any distance from each other. */
  #enqueue(messages: readonly SimulatedMessage[]): void {
    for (const message of messages) {
      this.#distinct.add(message.body.toString("utf8"));
      this.#queue.push(message);
      if (this.#random() < 0.15) {
        this.#queue.splice(Math.floor(this.#random() * this.#queue.length), 0, message);
      }
    }
  }
}

/** The receipt, or null when no answer came. */
async function post(url: string, message: SimulatedMessage): Promise<WebhookReceipt | null> {
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(url, {
      method: "POST",
      headers: message.headers,
      body: String(message.body),
    });
    text = await answer.text();
  } catch {
    return null;
  }
  if (!answer.ok) throw new Error(`${message.trigger} was answered ${answer.status}: ${text}`);
  return JSON.parse(text) as WebhookReceipt;
}

function fail(): never {
  throw new Error("there is nothing to choose from");
}
