import { SlotwireEvents } from "./element/slotwire-events.ts";

export { SlotwireEvents } from "./element/slotwire-events.ts";

declare global {
  interface HTMLElementTagNameMap {
    "slotwire-events": SlotwireEvents;
  }
}

// Not on a server, and not where another copy of this module has done it.
if ("customElements" in globalThis && customElements.get("slotwire-events") === undefined) {
  customElements.define("slotwire-events", SlotwireEvents);
}
