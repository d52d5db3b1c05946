import type { BookingEvent } from "@slotwire/contract";
import type { LiveStatus } from "../live/live-status.ts";
import { elementStyle } from "./element-style.ts";
import { type ElementWords, wordsOf } from "./element-words.ts";

/** What the element shows and says. It knows nothing of where that comes from. */
export interface ElementView {
  readonly words: ElementWords;
  readonly showTitle: () => void;
  /** @param note what there is to know beside the status; empty when all is well */
  readonly showStatus: (status: LiveStatus, note: string) => void;
  /** @param events newest first; null when nobody may see them */
  readonly showEvents: (events: readonly BookingEvent[] | null) => void;
  /** Whether screen readers are told of its news. */
  readonly letSpeak: (isSpeaking: boolean) => void;
  /** Tells screen readers of one that is news, together with others that come soon. */
  readonly tell: (event: BookingEvent) => void;
  /** What is no longer shown is not left to be read either. */
  readonly hush: () => void;
  /** The same, and the next news need not wait. */
  readonly stop: () => void;
}

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

/** Screen readers are told at most this often, in milliseconds. */
const PAUSE = 3000;
/** The first news wait for those that come with them. */
const GATHERING = 300;

/**
 * Fills an element's shadow tree.
 * @param states of the element, for `:state(…)`
 * @param language a tag, asked for whenever something is shown
 */
export function createElementView(
  root: ShadowRoot,
  states: CustomStateSet,
  language: () => string,
): ElementView {
  root.innerHTML = `<style>${elementStyle}</style><section part="panel" aria-labelledby="title">
<header part="header"><h2 part="title" id="title"></h2><span part="status"></span></header>
<div role="log" aria-live="polite" aria-relevant="additions" aria-labelledby="title" part="log">
<p part="note" hidden></p><p part="said" id="said"></p>
<ol part="list" tabindex="0" aria-live="off" aria-labelledby="title"></ol></div><p part="empty"></p></section>`;
  let waiting: BookingEvent[] = [];
  let speaking: ReturnType<typeof setTimeout> | undefined;

  const inWords = (): readonly [ElementWords, string] => wordsOf(language());
  const part = (name: string): HTMLElement =>
    root.querySelector<HTMLElement>(`[part=${name}]`) as HTMLElement;
  const say = (name: string, text: string): void => {
    const element = part(name);
    if (element.textContent !== text) element.textContent = text;
  };
  const showState = (status: LiveStatus): void => {
    try {
      states.clear();
      states.add(status);
    } catch {
      // Before version 125, Chromium takes other names alone.
    }
  };
  const speak = (): void => {
    const { length } = waiting;
    speaking = undefined;
    if (length === 0) return;
    const [{ several }] = inWords();
    const said = make(
      "p",
      "said",
      length === 1 ? waiting[0]?.description : `${several}: ${length}`,
    );
    said.id = "said";
    waiting = [];
    part("said").replaceWith(said);
    // Until then news are collected.
    speaking = setTimeout(speak, PAUSE);
  };
  const hush = (): void => {
    waiting = [];
    say("said", "");
  };

  return {
    get words() {
      return inWords()[0];
    },
    showTitle: () => say("title", inWords()[0].title),
    showStatus(status, note) {
      say("note", note);
      part("note").hidden = note === "";
      const [words] = inWords();
      const place = part("status");
      if (place.textContent === `${icons[status]} ${words[status]}`) return;
      place.dataset["status"] = status;
      const icon = make("i", "icon", `${icons[status]} `);
      icon.ariaHidden = "true";
      place.replaceChildren(icon, words[status]);
      showState(status);
    },
    showEvents(events) {
      const [words, locale] = inWords();
      showRows(part("list"), events ?? [], locale);
      say("empty", words.empty);
      part("empty").hidden = events === null || events.length > 0;
    },
    letSpeak(isSpeaking) {
      part("log").ariaLive = isSpeaking ? "polite" : "off";
    },
    tell(event) {
      waiting.push(event);
      speaking ??= setTimeout(speak, GATHERING);
    },
    hush,
    stop() {
      clearTimeout(speaking);
      speaking = undefined;
      hush();
    },
  };
}

/** Rows that stay are the same elements: whoever reads them is not interrupted. */
function showRows(list: HTMLElement, events: readonly BookingEvent[], locale: string): void {
  const rows = new Map([...list.children].map((row) => [row.id, row]));
  const shown = events.map((event) => rows.get(event.id) ?? makeRow(event, locale));
  for (const [id, row] of rows) if (!events.some((event) => event.id === id)) row.remove();
  shown.forEach((row, index) => {
    if (list.children[index] !== row) list.insertBefore(row, list.children[index] ?? null);
  });
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
