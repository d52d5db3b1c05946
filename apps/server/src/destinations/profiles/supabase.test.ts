import type { BookingEvent } from "@slotwire/contract";
import { describe, expect, it } from "vitest";
import { bodyOf, full, thin } from "../../../test/encode-target.ts";
import { exampleEvent } from "../../../test/example-event.ts";
import { supabaseProfile } from "./supabase.ts";

const encode = (change: Partial<BookingEvent>, target = full) =>
  bodyOf(supabaseProfile.encode({ ...exampleEvent, ...change }, target));

describe("the row changes of a database webhook", () => {
  it("are the row as it is and as it was", () => {
    const body = encode({});
    expect(Object.keys(body)).toEqual(["type", "table", "schema", "record", "old_record"]);
    expect(body).toMatchObject({
      type: "UPDATE",
      table: "bookings",
      schema: "public",
      record: {
        id: exampleEvent.booking_id,
        version: 2,
        status: "confirmed",
        start_time: "2026-03-10T10:00:00.000Z",
        end_time: "2026-03-10T11:00:00.000Z",
        client_name: "Jan Kowalski",
        client_email: "jan@example.com",
        provider_email: "maja@example.com",
      },
      old_record: {
        id: exampleEvent.booking_id,
        version: 1,
        start_time: "2026-03-10T09:00:00.000Z",
        end_time: "2026-03-10T10:00:00.000Z",
        client_name: "Jan Kowalski",
      },
    });
  });

  it("say when the row was changed before only where the event knows it", () => {
    expect(encode({})["old_record"]).not.toHaveProperty("updated_at");
    expect(encode({})["record"]).toHaveProperty("updated_at");
    const previous = { updated_at: "2026-03-01T08:00:00+01:00" };
    const data = { ...exampleEvent.data, previous };
    expect(encode({ data })["old_record"]).toMatchObject({
      updated_at: "2026-03-01T07:00:00.000Z",
    });
  });

  it("have no old row for a new booking, and no new one for a deleted one", () => {
    const type = "booking.deleted";
    expect(encode({ old_status: null })).toMatchObject({ type: "INSERT", old_record: null });
    expect(encode({ type })).toMatchObject({
      type: "DELETE",
      record: null,
      old_record: { id: exampleEvent.booking_id },
    });
  });

  it("read what a direct writer left behind", () => {
    const { booking } = exampleEvent.data;
    const previous = {
      starts_at: "2026-03-10T10:00:00+01:00",
      status: "pending",
      customer_id: "c",
    };
    const data = booking === undefined ? {} : { booking, previous };
    expect(encode({ data })["old_record"]).toMatchObject({
      start_time: "2026-03-10T09:00:00.000Z",
      status: "pending",
      client_id: null,
    });
  });

  it("are ids, states and times in a thin body", () => {
    expect(Object.keys(encode({}, thin)["record"] as object)).toEqual([
      "id",
      "booking_number",
      "version",
      "status",
      "start_time",
      "end_time",
      "time_zone",
      "created_at",
      "updated_at",
      "deleted_at",
    ]);
  });
});
