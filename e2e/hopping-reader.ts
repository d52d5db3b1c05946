import { get, type IncomingMessage } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { StreamPage } from "@slotwire/contract";

/** What a reader keeps of an event. */
const eventLine = /^data: \{"id":"(?<id>[0-9a-f-]{36})","seq":(?<seq>\d+),/m;
/** Before a reader tries again what nobody answered. Milliseconds. */
const RETRY = 50;
/** So many events a reader takes from one process, at most. */
const MOST_EVENTS = 200;
/** It leaves earlier when so little comes. Milliseconds. */
const LONGEST_STAY = 8000;
/** How often it asks for a page instead of a stream. */
const PAGES = 0.25;

/** A reader of the stream that stays nowhere, written without regard to the client package. */
export class HoppingReader {
  /** The ids of the events, in the order in which they came. */
  readonly ids: string[] = [];
  /** What came that should not have: a double, or one behind a hole. */
  readonly faults: string[] = [];
  hops = 0;
  /** How often nobody answered. */
  refusals = 0;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #random: () => number;

  /** @param random from 0 to 1 */
  constructor(headers: Readonly<Record<string, string>>, random: () => number) {
    this.#headers = headers;
    this.#random = random;
  }

  /** Its position in the log. */
  get position(): number {
    return this.ids.length;
  }

  /** Hops between the addresses until it is stopped. */
  async run(addresses: readonly string[], stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      const address = addresses[Math.floor(this.#random() * addresses.length)] ?? "";
      const stay = AbortSignal.any([
        stop,
        AbortSignal.timeout(Math.ceil(this.#random() * LONGEST_STAY)),
      ]);
      this.hops += 1;
      try {
        await (this.#random() < PAGES ? this.#page(address, stay) : this.#stream(address, stay));
      } catch {
        // It was cut in the middle, by itself or with the process.
        if (!stay.aborted) {
          this.refusals += 1;
          await delay(RETRY);
        }
      }
    }
  }

  async #page(address: string, signal: AbortSignal): Promise<void> {
    const url = `${address}/api/v1/stream?after=${this.position}&wait=5`;
    const headers = { ...this.#headers, accept: "application/json" };
    const answer = await fetch(url, { headers, signal });
    const { data, position } = (await answer.json()) as StreamPage;
    for (const { id, seq } of data) this.#take(id, seq);
    if (position !== this.position) this.faults.push(`a page at ${position}, not ${this.position}`);
  }

  async #stream(address: string, signal: AbortSignal): Promise<void> {
    const headers = { ...this.#headers, "last-event-id": String(this.position) };
    const options = { headers, signal, agent: false } as const;
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      get(`${address}/api/v1/stream`, options, resolve).on("error", reject);
    });
    const leaveAt = this.position + 1 + Math.floor(this.#random() * MOST_EVENTS);
    let rest = "";
    for await (const chunk of response.setEncoding("utf8") as AsyncIterable<string>) {
      const blocks = (rest + chunk).split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) this.#block(block);
      // Leaving the loop destroys the response.
      if (this.position >= leaveAt) return;
    }
  }

  #block(block: string): void {
    if (block.includes("event: ")) this.faults.push(block.slice(0, 200));
    const { id, seq } = eventLine.exec(block)?.groups ?? {};
    if (id !== undefined) this.#take(id, Number(seq));
  }

  #take(id: string, seq: number): void {
    if (seq === this.position + 1) this.ids.push(id);
    else this.faults.push(`${seq} behind ${this.position}`);
  }
}
