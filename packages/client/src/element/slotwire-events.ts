import type { BookingEvent, BookingEventType } from "@slotwire/contract";
import type { EventFilter } from "../live/event-filter.ts";
import { createLiveFeed, type LiveFeed } from "../live/live-feed.ts";
import type { LiveStatus } from "../live/live-status.ts";
import { createTransport } from "../transport.ts";
import { elementStyle } from "./element-style.ts";
import { type ElementWords, wordsOf } from "./element-words.ts";

/** The status as words, icon and colour: nobody has to tell colours apart. */
const icons: Readonly<Record<LiveStatus, string>> = {
  idle: "○",
  connecting: "◌",
  live: "●",
  reconnecting: "◌",
  polling: "◐",
  offline: "✕",
  denied: "✕",
};

/** What may be said of who reads; the element begins anew when something else is said. */
const attributes = [
  "base-url",
  "booking-id",
  "user-id",
  "provider",
  "types",
  "max-events",
  "language",
  "token",
] as const;

const MOST = 50;
/** With how many events a stream can begin. */
const MOST_RECENT = 200;
/** Screen readers are told at most this often, in milliseconds. */
const PAUSE = 3000;
/** The first news wait for those that come with them. */
const GATHERING = 300;

/** On a server there are no elements: importing this does nothing there. */
const Base =
  (globalThis as { HTMLElement?: typeof HTMLElement }).HTMLElement ??
  (Object as unknown as typeof HTMLElement);

/**
 * `<slotwire-events>`: booking events as they happen, on any page. It fires `slotwire-event` for each
 * one that is news, with the event as its `detail`.
 */
export class SlotwireEvents extends Base {
  static readonly observedAttributes: readonly string[] = attributes;

  /** Those on the page. The first one speaks for all. */
  static readonly #all = new Set<SlotwireEvents>();

  readonly #root = this.attachShadow({ mode: "open" });
  #getToken: (() => string | Promise<string>) | undefined;
  #events: readonly BookingEvent[] = [];
  #position: number | null = null;
  #feed: LiveFeed | null = null;
  #end = (): void => {};
  #isPaused = false;
  #isWaiting = false;
  #waiting: BookingEvent[] = [];
  #speaking: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.#root.innerHTML = `<style>${elementStyle}</style><section part="panel" aria-labelledby="title">
<header part="header"><h2 part="title" id="title"></h2><span part="status"></span></header>
<div role="log" aria-live="polite" aria-relevant="additions" aria-labelledby="title" part="log">
<p part="note" hidden></p><p part="said" id="said"></p>
<ol part="list" tabindex="0" aria-live="off" aria-labelledby="title"></ol></div><p part="empty"></p></section>`;
  }

  /** Asked for a token of the stream whenever one is needed, so that it can be renewed. */
  get getToken(): (() => string | Promise<string>) | undefined {
    return this.#getToken;
  }

  set getToken(getToken: (() => string | Promise<string>) | undefined) {
    this.#getToken = getToken;
    this.#begin();
  }

  connectedCallback(): void {
    // Set before the element was defined, it would hide the property.
    if (Object.hasOwn(this, "getToken")) {
      const { getToken } = this;
      Reflect.deleteProperty(this, "getToken");
      this.getToken = getToken;
    }
    SlotwireEvents.#all.add(this);
    SlotwireEvents.#settleVoice();
    this.#begin();
  }

  disconnectedCallback(): void {
    SlotwireEvents.#all.delete(this);
    SlotwireEvents.#settleVoice();
    this.#stop();
  }

  attributeChangedCallback(): void {
    this.#begin();
  }

  /** Stops following. The position is kept. */
  pause(): void {
    this.#isPaused = true;
    this.#stop();
    this.#showStatus();
  }

  /** Goes on where it was paused: what happened meanwhile comes first. */
  resume(): void {
    this.#isPaused = false;
    if (this.isConnected) this.#follow();
  }

  clear(): void {
    this.#events = [];
    this.#note("");
    this.#show();
  }

  static #settleVoice(): void {
    [...SlotwireEvents.#all].forEach((element, index) => {
      element.#part("log").ariaLive = index === 0 ? "polite" : "off";
    });
  }

  get #words(): readonly [ElementWords, string] {
    const near = this.closest<HTMLElement>("[lang]")?.lang;
    return wordsOf(this.getAttribute("language") ?? near ?? "");
  }

  get #most(): number {
    const most = Number(this.getAttribute("max-events") ?? MOST);
    return most >= 0 ? most : MOST;
  }

  /** Anew, once for all that is said at the same time. */
  #begin(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    queueMicrotask(() => {
      this.#isWaiting = false;
      if (!this.isConnected) return;
      this.#stop();
      this.#position = null;
      this.#say("title", this.#words[0].title);
      this.clear();
      if (this.#isPaused) this.#showStatus();
      else this.#follow();
    });
  }

  #stop(): void {
    this.#end();
    this.#end = () => {};
    this.#feed = null;
    clearTimeout(this.#speaking);
    this.#speaking = undefined;
  }

  #follow(): void {
    this.#stop();
    const feed = (this.#feed = this.#open());
    const isNew = this.#position === null;
    const unwatch = feed.watch(() => this.#showStatus());
    const unsubscribe = feed.subscribe({
      filter: this.#filter(),
      ...(isNew ? { recent: Math.min(this.#most, MOST_RECENT) } : { after: this.#position ?? 0 }),
      onStart: (events, position) => {
        this.#position = position;
        this.#add(events);
      },
      onEvent: (event) => {
        this.#position = event.seq;
        this.#add([event]);
        this.#tell(event);
        this.dispatchEvent(
          new CustomEvent("slotwire-event", { detail: event, bubbles: true, composed: true }),
        );
      },
      onGap: ({ newest }) => {
        if (newest === 0) this.clear();
        this.#note(this.#words[0].gap);
      },
      onLostConnection: () => this.#note(this.#words[0].lost),
    });
    this.#end = () => {
      unwatch();
      unsubscribe();
    };
    this.#showStatus();
  }

  /** Elements that are the same reader share a connection, as tabs do. */
  #open(): LiveFeed {
    const baseUrl = this.getAttribute("base-url") ?? "";
    const token = this.getAttribute("token");
    const getToken = this.#getToken ?? (token === null ? undefined : () => token);
    return createLiveFeed(
      createTransport({ baseUrl, ...(getToken === undefined ? {} : { getToken }) }),
    );
  }

  #filter(): EventFilter {
    const given = {
      bookingId: this.getAttribute("booking-id"),
      userId: this.getAttribute("user-id"),
      provider: this.getAttribute("provider"),
      types: this.getAttribute("types")?.split(/[\s,]+/) as BookingEventType[] | undefined,
    };
    return Object.fromEntries(Object.entries(given).filter(([, value]) => value));
  }

  /** @param fresh oldest first */
  #add(fresh: readonly BookingEvent[]): void {
    this.#events = [...fresh.toReversed(), ...this.#events].slice(0, this.#most);
    this.#show();
  }

  #part(name: string): HTMLElement {
    return this.#root.querySelector<HTMLElement>(`[part=${name}]`) as HTMLElement;
  }

  #say(part: string, text: string): void {
    const element = this.#part(part);
    if (element.textContent !== text) element.textContent = text;
  }

  /** @param text nothing hides it */
  #note(text: string): void {
    this.#say("note", text);
    this.#part("note").hidden = text === "";
  }

  #showStatus(): void {
    const status = this.#feed?.state.status ?? "idle";
    const [words] = this.#words;
    const place = this.#part("status");
    const note = this.#part("note");
    if (status === "live" || status === "polling") {
      if (note.textContent === words.lost) this.#note("");
    } else if (status === "offline" || status === "denied") this.#note(words.lost);
    if (place.textContent === `${icons[status]} ${words[status]}`) return;
    place.dataset["status"] = status;
    const icon = make("i", "icon", `${icons[status]} `);
    icon.ariaHidden = "true";
    place.replaceChildren(icon, words[status]);
  }

  /** Rows that stay are the same elements: whoever reads them is not interrupted. */
  #show(): void {
    const list = this.#part("list");
    const [words, locale] = this.#words;
    const rows = new Map([...list.children].map((row) => [row.id, row]));
    const shown = this.#events.map((event) => rows.get(event.id) ?? makeRow(event, locale));
    for (const [id, row] of rows) if (!this.#events.some((event) => event.id === id)) row.remove();
    shown.forEach((row, index) => {
      if (list.children[index] !== row) list.insertBefore(row, list.children[index] ?? null);
    });
    this.#say("empty", words.empty);
    this.#part("empty").hidden = shown.length > 0;
  }

  #tell(event: BookingEvent): void {
    this.#waiting.push(event);
    this.#speaking ??= setTimeout(() => this.#speak(), GATHERING);
  }

  #speak(): void {
    const { length } = this.#waiting;
    const text =
      length === 1 ? this.#waiting[0]?.description : `${this.#words[0].several}: ${length}`;
    this.#waiting = [];
    const said = make("p", "said", text ?? "");
    said.id = "said";
    this.#part("said").replaceWith(said);
    // Until then news are collected.
    this.#speaking = setTimeout(() => {
      this.#speaking = undefined;
      if (this.#waiting.length > 0) this.#speak();
    }, PAUSE);
  }
}

function makeRow(event: BookingEvent, locale: string): HTMLElement {
  const row = make("li", "event");
  row.id = event.id;
  row.dataset["type"] = event.type;
  const time = make("time", "time", timeWords(event.occurred_at, locale));
  time.dateTime = event.occurred_at;
  row.append(make("span", "description", event.description), time);
  return row;
}

const timeWords = (at: string, locale: string): string =>
  new Intl.DateTimeFormat(locale, {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(new Date(at));

/** Makes an element that a page can style by `::part`. */
function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  part: string,
  text = "",
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  element.setAttribute("part", part);
  element.textContent = text;
  return element;
}
