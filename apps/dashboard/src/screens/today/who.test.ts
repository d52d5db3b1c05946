import type { AttendeeResource } from "@slotwire/contract";
import { describe, expect, it } from "vitest";
import { aBooking } from "../../../test/a-booking.ts";
import { who } from "./who.ts";

const attendee = (given: Partial<AttendeeResource>): AttendeeResource => ({
  name: null,
  email: null,
  phone: null,
  status: "accepted",
  seat_ref: null,
  ...given,
});

describe("a booking is called", () => {
  it("by the first person who comes, with the title as what it is about", () => {
    const attendees = [attendee({ name: "Emily Carter" }), attendee({ name: "Tom Carter" })];
    expect(who(aBooking({ attendees }))).toEqual({
      name: "Emily Carter",
      others: 1,
      about: "Consultation",
    });
  });

  it("by who still comes when a seat was given back", () => {
    const attendees = [
      attendee({ name: "Emily Carter", status: "cancelled" }),
      attendee({ email: "tom@example.com" }),
    ];
    expect(who(aBooking({ attendees }))).toMatchObject({ name: "tom@example.com", others: 0 });
  });

  it("without repeating the names that a source puts into its titles", () => {
    const booking = aBooking({
      title: "Bath and brush between Ewa Nowak and Jan Kowalski",
      service: { id: null, key: "bath", name: "Bath and brush" },
      attendees: [attendee({ name: "Jan Kowalski" })],
    });
    expect(who(booking).about).toBe("Bath and brush");
    const named = { ...booking, title: "Bath and brush for Burek" };
    expect(who(named).about).toBe("Bath and brush for Burek");
  });

  it("by its title where nobody is named", () => {
    expect(who(aBooking())).toEqual({ name: "Consultation", others: 0, about: null });
  });

  it("something, whatever is missing", () => {
    expect(who(aBooking({ title: "" })).name).not.toBe("");
  });
});
