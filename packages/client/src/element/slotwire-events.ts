import type { BookingEvent, BookingEventType } from "@slotwire/contract";
import type { ApiError } from "../api-error.ts";
import type { SlotwireClient } from "../create-client.ts";
import type { EventFilter } from "../live/event-filter.ts";
import type { LiveFeed } from "../live/live-feed.ts";
import type { LiveStatus } from "../live/live-status.ts";
import type { TransportOptions } from "../transport.ts";
import { createElementView } from "./element-view.ts";
import { type PageFeed, pageFeedOf, type Reader } from "./page-feed.ts";

/** What may be said of who reads, and what; the element begins anew when something else is said. */
const attributes = [
  "base-url",
  "booking-id",
  "customer-id",
  "user-id",
  "provider",
  "location",
  "types",
  "max-events",
  "language",
  "token",
] as const;
/** What only a script can set. */
const properties = ["client", "getToken", "getTicket"] as const;

const USUAL = 50;
const MOST = 1_000;
/** With how many events a stream can begin. */
const MOST_RECENT = 200;

/** On a server there are no elements: importing this does nothing there. */
const Base =
  (globalThis as { HTMLElement?: typeof HTMLElement }).HTMLElement ??
  (Object as unknown as typeof HTMLElement);

/**
 * `<slotwire-events>`: booking events as they happen, on any page. It fires `slotwire-event` for each
 * one that is news, with the event as its `detail`, and `slotwire-error` with an ApiError when the hub
 * refuses what is asked for, or a TypeError when `base-url` is no address.
 */
export class SlotwireEvents extends Base {
  static readonly observedAttributes: readonly string[] = attributes;

  /** Those on the page. The first one speaks for all. */
  static readonly #all = new Set<SlotwireEvents>();

  readonly #view = createElementView(
    this.attachShadow({ mode: "open" }),
    this.attachInternals().states,
    () => this.getAttribute("language") ?? this.closest<HTMLElement>("[lang]")?.lang ?? "",
  );
  #client: Pick<SlotwireClient, "live"> | undefined;
  #getToken: TransportOptions["getToken"];
  #getTicket: TransportOptions["getTicket"];
  #events: readonly BookingEvent[] = [];
  #position: number | null = null;
  /** Null while it does not follow. */
  #feed: LiveFeed | null = null;
  /** Null with a client of the page's own. */
  #pageFeed: PageFeed | null = null;
  #end = (): void => {};
  #isPaused = false;
  /** It will settle when the page has said all that it has to say. */
  #isSettling = false;
  #beginsAnew = true;
  #refusal: Error | null = null;
  #isLost = false;
  /** Since the hub has refused who reads, until it lets them in: they may have signed out. */
  #isHidden = false;
  #hasGap = false;

  /** A client of the page's own, whose connection it shares. It wins over all else. */
  get client(): Pick<SlotwireClient, "live"> | undefined {
    return this.#client;
  }

  set client(client: Pick<SlotwireClient, "live"> | undefined) {
    if (client !== this.#client) this.#settle(true);
    this.#client = client;
  }

  /** Asked for a token of the stream whenever one is needed, so that it can be renewed. */
  get getToken(): TransportOptions["getToken"] {
    return this.#getToken;
  }

  set getToken(getToken: TransportOptions["getToken"]) {
    const isOther = typeof getToken !== typeof this.#getToken;
    this.#getToken = getToken;
    this.#takeReader(isOther);
  }

  /** The same for tickets, each of which opens one stream. */
  get getTicket(): TransportOptions["getTicket"] {
    return this.#getTicket;
  }

  set getTicket(getTicket: TransportOptions["getTicket"]) {
    const isOther = typeof getTicket !== typeof this.#getTicket;
    this.#getTicket = getTicket;
    this.#takeReader(isOther);
  }

  connectedCallback(): void {
    for (const name of properties) {
      // Set before the element was defined, it would hide the property.
      const value: unknown = Object.getOwnPropertyDescriptor(this, name)?.value;
      if (Reflect.deleteProperty(this, name) && value !== undefined) this[name] = value as never;
    }
    SlotwireEvents.#all.add(this);
    SlotwireEvents.#settleVoice();
    this.#settle();
  }

  disconnectedCallback(): void {
    SlotwireEvents.#all.delete(this);
    SlotwireEvents.#settleVoice();
    this.#settle();
  }

  attributeChangedCallback(_name: string, before: string | null, now: string | null): void {
    if (before !== now) this.#settle(true);
  }

  /** Stops following. The position is kept. */
  pause(): void {
    this.#isPaused = true;
    this.#stop();
  }

  /** Goes on where it was paused: what happened meanwhile comes first. */
  resume(): void {
    this.#isPaused = false;
    this.#settle();
  }

  /** Connects anew at once, and asks again for what was refused. */
  retry(): void {
    if (this.#refusal !== null) this.#stop();
    this.#settle();
    this.#feed?.retry();
  }

  clear(): void {
    this.#events = [];
    this.#view.hush();
    this.#hasGap = false;
    this.#show();
    this.#showStatus();
  }

  static #settleVoice(): void {
    [...SlotwireEvents.#all].forEach((element, index) => {
      element.#view.letSpeak(index === 0);
    });
  }

  /** The nearest number that there may be. */
  get #most(): number {
    const wished = Number.parseFloat(this.getAttribute("max-events") ?? "");
    return Math.trunc(Math.min(Math.max(wished, 1), MOST)) || USUAL;
  }

  /** Takes over, once, all that is said at the same time. An element that is moved goes on. */
  #settle(beginsAnew = false): void {
    this.#beginsAnew ||= beginsAnew;
    if (this.#isSettling) return;
    this.#isSettling = true;
    queueMicrotask(() => {
      this.#isSettling = false;
      if (!this.isConnected) return this.#stop();
      if (this.#beginsAnew) {
        this.#beginsAnew = false;
        this.#stop();
        this.#position = null;
        this.#view.showTitle();
        this.clear();
      }
      if (!this.#isPaused && this.#feed === null) this.#follow();
    });
  }

  /** @param isOther whether it shows in another way who reads; otherwise the function alone is another */
  #takeReader(isOther: boolean): void {
    if (isOther) this.#settle(true);
    else if (this.#pageFeed !== null) this.#pageFeed.reader = this.#reader;
  }

  get #reader(): Reader {
    return {
      baseUrl: this.getAttribute("base-url") ?? "",
      token: this.getAttribute("token"),
      getToken: this.#getToken,
      getTicket: this.#getTicket,
    };
  }

  #stop(): void {
    this.#end();
    this.#end = () => {};
    this.#feed = null;
    this.#pageFeed = null;
    this.#refusal = null;
    this.#isLost = false;
    this.#view.stop();
    this.#showStatus();
  }

  #follow(): void {
    try {
      this.#pageFeed = this.#client === undefined ? pageFeedOf(this.#reader) : null;
    } catch (error) {
      // The address is none.
      return this.#refuse(error as Error);
    }
    const feed = (this.#feed = this.#client?.live ?? (this.#pageFeed as PageFeed).feed);
    const unwatch = feed.watch(() => this.#showStatus());
    const unsubscribe = feed.subscribe({
      filter: this.#filter(),
      recent: Math.min(this.#most, MOST_RECENT),
      after: this.#position ?? undefined,
      onStart: (events, position) => {
        this.#position = position;
        this.#add(events);
      },
      onEvent: (event) => {
        this.#position = event.seq;
        this.#add([event]);
        this.#view.tell(event);
        this.#fire("slotwire-event", event);
      },
      onGap: ({ oldest, newest }) => {
        // Where it goes on: a pause may come before the next event. Null in another log.
        const behind = Math.min(newest, Math.max(this.#position ?? 0, oldest - 1));
        this.#position = newest === 0 ? null : behind;
        if (newest === 0) this.clear();
        this.#hasGap = true;
        this.#showStatus();
      },
      onLostConnection: () => {
        this.#isLost = true;
        this.#showStatus();
      },
      onError: (error) => this.#refuse(error),
    });
    this.#end = () => {
      unwatch();
      unsubscribe();
    };
    this.#showStatus();
  }

  #refuse(error: Error): void {
    this.#refusal = error;
    this.#showStatus();
    this.#fire("slotwire-error", error);
  }

  #fire(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  #filter(): EventFilter {
    const given = {
      bookingId: this.getAttribute("booking-id"),
      customerId: this.getAttribute("customer-id"),
      userId: this.getAttribute("user-id"),
      provider: this.getAttribute("provider"),
      location: this.getAttribute("location"),
      types: this.getAttribute("types")?.match(/[^\s,]+/g) as BookingEventType[] | null | undefined,
    };
    return Object.fromEntries(Object.entries(given).filter(([, value]) => value));
  }

  /** @param fresh oldest first */
  #add(fresh: readonly BookingEvent[]): void {
    this.#events = [...fresh.toReversed(), ...this.#events].slice(0, this.#most);
    this.#show();
  }

  #show(): void {
    this.#view.showEvents(this.#isHidden ? null : this.#events);
  }

  #showStatus(): void {
    const state = this.#feed?.state;
    const status = this.#refusal === null ? (state?.status ?? "idle") : "denied";
    const isUp = status === "live" || status === "polling";
    if (isUp) this.#isLost = false;
    const isHidden = status === "denied" || (this.#isHidden && !isUp);
    if (isHidden !== this.#isHidden) {
      this.#isHidden = isHidden;
      this.#view.hush();
      this.#show();
    }
    this.#view.showStatus(status, this.#noteOf(status, state?.error ?? ""));
  }

  /** What there is to know beside the status; nothing when all is well. */
  #noteOf(status: LiveStatus, error: string): string {
    const { words } = this.#view;
    if (this.#refusal !== null) {
      const { message, problem } = this.#refusal as Partial<ApiError>;
      const wrong = (problem?.errors ?? []).map((one) => `${one.path}: ${one.message}`);
      // The remedy for those speaks of the list that only programs see.
      const why = wrong.length > 0 ? wrong : [message ?? "", problem?.remedy ?? ""];
      return sentences([words.refused, ...why]);
    }
    if (status === "denied") return sentences([words.refused, error]);
    if (status === "offline" || this.#isLost) return words.lost;
    return this.#hasGap ? words.gap : "";
  }
}

const sentences = (texts: readonly string[]): string =>
  texts
    .filter((text) => text !== "")
    .map((text) => (/[.!?…]$/.test(text) ? text : `${text}.`))
    .join(" ");
