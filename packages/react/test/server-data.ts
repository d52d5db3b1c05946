/** What a server has read for the components that it renders. */
import type {
  ActivityResource,
  BookingEvent,
  BookingResource,
  TaskResource,
} from "@slotwire/contract";
import type { StatusChange } from "../src/index.ts";

const at = "2026-11-21T09:00:00.000Z";

export const activity = {
  id: "activity-1",
  type: "MEETING",
  subject: "Strzyżenie",
  description: "",
  activityDate: at,
  status: "scheduled",
  lead: { id: "lead-1", title: "Grooming - Jan" },
  contact: null,
  time_zone: "Europe/Warsaw",
  metadata: { meetingUrl: "https://meet.example/jan" },
} as unknown as ActivityResource;

export const task = {
  id: "task-1",
  title: "Zadzwoń",
  description: "",
  dueDate: at,
  priority: "high",
  status: "todo",
  lead: null,
  contact: null,
} as unknown as TaskResource;

export const booking = {
  id: "01920000-0000-7000-8000-000000000001",
  booking_number: 7,
  version: 1,
  status: "confirmed",
  status_reason: null,
  starts_at: at,
  ends_at: "2026-11-21T10:00:00.000Z",
  time_zone: "Europe/Warsaw",
  title: "Strzyżenie",
  customer: { id: "c", name: "Jan Kowalski", email: null, phone: null },
  attendees: [],
  subjects: [{ id: "s", kind: "pet", name: "Burek", breed: null, allergies: ["Kurczak"] }],
  provider: { id: null, name: "Anna", email: null },
  service: null,
  deleted_at: null,
} as unknown as BookingResource;

export const event = {
  id: "event-1",
  seq: 1,
  type: "booking.rescheduled",
  description: "Booking #7 was moved to Sat, 21 Nov 2026, 10:00",
  booking_number: 7,
  booking_id: booking.id,
  occurred_at: at,
  changed_fields: [],
  actor: { kind: "user", id: "u", name: "Anna" },
  data: { booking },
} as unknown as BookingEvent;

export const statusChange: StatusChange = {
  booking,
  actions: {
    source: null,
    write_back: "hub",
    actions: ["cancel", "reschedule"],
    statuses: [
      { status: "checked_in", by: "hub" },
      { status: "cancelled", by: "hub" },
    ],
  },
  command: null,
  deliveries: [],
};

export const customers = [
  {
    id: "client-7",
    name: "Jan Kowalski",
    subjects: [{ id: "pet-12", name: "Burek", breed: "Labrador" }],
  },
];
