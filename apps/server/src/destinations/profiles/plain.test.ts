import { bookingEventSchema } from "@slotwire/contract";
import { describe, expect, it } from "vitest";
import { bodyOf, full, thin } from "../../../test/encode-target.ts";
import { exampleEvent } from "../../../test/example-event.ts";
import { plainProfile } from "./plain.ts";

describe("the plain profile", () => {
  it("is the event as it stands in the log", () => {
    expect(bodyOf(plainProfile.encode(exampleEvent, full))).toEqual(exampleEvent);
  });

  it("is the event without its booking in a thin body", () => {
    const body = bookingEventSchema.parse(bodyOf(plainProfile.encode(exampleEvent, thin)));
    expect(body).toMatchObject({ id: exampleEvent.id, seq: 7, booking_version: 2, data: {} });
  });
});
