import { bodySignature } from "../body-signature.ts";
import { describeConnector } from "../connector.contract.ts";
import { supabaseConnector } from "./connector.ts";

const details = {
  id: "7d0f1a3e-2f54-4c6e-9b0e-0a6d6a7d1c11",
  booking_number: "B-1043",
  client_id: "c-1",
  provider_id: "p-1",
  status: "confirmed",
  total_price: 450,
  currency: "SEK",
  start_time: "2026-01-05T09:00:00+00:00",
  end_time: "2026-01-05T10:00:00+00:00",
};

/** An event as the app's function forwards it. */
const told = (type: string, changes: object = {}) => ({
  event_type: type,
  booking_event: {
    id: `event-${type}`,
    booking_id: details.id,
    event_type: type,
    description: "Something happened",
    created_at: "2026-01-02T08:00:00+00:00",
  },
  booking_details: { ...details, ...changes },
  client_info: { id: "c-1", name: "Jan Kowalski", email: "jan@mail.example" },
  provider_info: { id: "p-1", name: "Ewa", email: "ewa@salon.example", company_name: "Salon" },
});

describeConnector("supabase", {
  connector: supabaseConnector,
  sign: bodySignature,
  samples: {
    created: told("created"),
    requested: told("requested", { status: "pending" }),
    rescheduled: told("rescheduled", {
      start_time: "2026-01-06T09:00:00+00:00",
      end_time: "2026-01-06T10:00:00+00:00",
    }),
    cancelled: told("cancelled", { status: "cancelled" }),
    rejected: told("rejected", { status: "rejected" }),
    started: told("started", { status: "in_progress" }),
    completed: told("completed", { status: "completed" }),
    no_show: told("no_show", { status: "no_show" }),
    no_show_cleared: { cannot: "the app has no such event" },
  },
  reschedulesUnderNewId: false,
  unknownTrigger: told("invoiced"),
  localTimes: "a column may have no time zone",
  withoutStart: told("created", { start_time: null }),
  withStart: (start_time) => told("created", { start_time }),
});
