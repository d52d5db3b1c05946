import { type BookingEvent, bookingEventTypes } from "@slotwire/contract";
import { describe, expect, it } from "vitest";
import { showEvent } from "../../domain/views/show-event.ts";
import { exampleEvent } from "../../../test/example-event.ts";
import { thinEvent } from "./thin-event.ts";

const actors: readonly BookingEvent["actor"][] = [
  exampleEvent.actor,
  { kind: "user", id: "01920000-0000-7000-8000-00000000000a", name: "Maja Groomer" },
  { kind: "customer", id: "jan@example.com", name: "Jan Kowalski" },
  { kind: "customer", id: "+48600000000", name: null },
];

describe("a thin event", () => {
  it.each(bookingEventTypes)("%s says what the view of ids shows, without the booking", (type) => {
    const { booking } = exampleEvent.data;
    if (booking === undefined) throw new Error("the example has a booking");
    const reasoned = { ...booking, status_reason: "Jan Kowalski is ill" };
    for (const actor of actors) {
      const event = { ...exampleEvent, type, actor, data: { booking: reasoned } };
      expect(thinEvent(event)).toEqual({ ...showEvent(event, "ids"), data: {} });
      expect(JSON.stringify(thinEvent(event))).not.toMatch(/Jan Kowalski|Maja|jan@|\+48/);
    }
  });
});
