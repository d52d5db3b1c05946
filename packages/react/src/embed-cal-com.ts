import type { CalComPrefill } from "@slotwire/client";
import { type CalComGlobal, type CalComNamespace, loadCalComEmbed } from "./load-cal-com-embed.ts";

/** What happens to an embedded form. */
export interface CalComListener {
  /** Of the frame. */
  readonly title: string;
  readonly onState: (state: "ready" | "blocked" | "unavailable") => void;
  readonly onBooked: (data: unknown) => void;
}

/** Namespaces stay in the script for as long as the page does, so they are used again. */
const free: string[] = [];
let made = 0;

/**
 * Puts a filled booking form into an element.
 * @returns takes it out again; nothing is told after that
 */
export function embedCalCom(
  place: HTMLElement,
  prefill: CalComPrefill,
  listener: CalComListener,
): () => void {
  let remove: (() => void) | null = null;
  let isRemoved = false;
  loadCalComEmbed(prefill.scriptUrl)
    .then((cal) => {
      if (!isRemoved) remove = mount(cal, place, prefill, listener);
    })
    .catch(() => {
      if (!isRemoved) listener.onState("blocked");
    });
  return () => {
    isRemoved = true;
    remove?.();
  };
}

function mount(
  cal: CalComGlobal,
  place: HTMLElement,
  { calLink, config, embedOrigin }: CalComPrefill,
  { title, onState, onBooked }: CalComListener,
): () => void {
  const namespace = free.pop() ?? `slotwire-${(made += 1)}`;
  cal("init", namespace, { origin: embedOrigin });
  const tell = cal.ns[namespace] as CalComNamespace;
  const nameFrame = (): void => place.querySelector("iframe")?.setAttribute("title", title);
  const booked = (event: CustomEvent<{ data?: unknown }>): void => onBooked(event.detail.data);
  const listeners = [
    { action: "linkReady", callback: () => (nameFrame(), onState("ready")) },
    { action: "linkFailed", callback: () => onState("unavailable") },
    { action: "bookingSuccessfulV2", callback: booked },
    // Its former name, for older installations.
    { action: "bookingSuccessful", callback: booked },
  ];
  for (const each of listeners) tell("on", each);
  tell("inline", { elementOrSelector: place, calLink, config });
  nameFrame();
  return () => {
    for (const each of listeners) tell("off", each);
    place.replaceChildren();
    free.push(namespace);
  };
}
