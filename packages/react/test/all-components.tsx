/** Every component of the package, with what a server has read. */
import { createClient } from "@slotwire/client";
import type {
  ActivityResource,
  BookingActions,
  BookingEvent,
  BookingResource,
  TaskResource,
} from "@slotwire/contract";
import type { ReactElement } from "react";
import {
  BookingEventMonitor,
  BookingsTab,
  CalComEmbedWithPrefill,
  ConnectionBadge,
  DayBoard,
  QuickAddFromBooking,
  RealTimeBookingEvents,
  SlotwireProvider,
  type StatusChange,
  StatusChangeForm,
  TasksWidget,
  UpcomingBookings,
  UserEventMonitor,
} from "../src/index.ts";

const client = createClient();
const at = "2026-11-21T09:00:00.000Z";

const activity = {
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

const task = {
  id: "task-1",
  title: "Zadzwoń",
  dueDate: at,
  priority: "high",
  status: "todo",
  lead: null,
  contact: null,
} as unknown as TaskResource;

const booking = {
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

const event = {
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

const actions: BookingActions = {
  source: null,
  write_back: "hub",
  actions: ["cancel", "reschedule"],
  statuses: [{ status: "checked_in", by: "hub" }],
};

export function AllComponents(): ReactElement {
  const status: StatusChange = { booking, actions, command: null, deliveries: [] };
  return (
    <SlotwireProvider client={client} timeZone="Europe/Warsaw">
      <h1>All components</h1>
      <ConnectionBadge />
      <RealTimeBookingEvents initialEvents={[event]} />
      <BookingEventMonitor bookingId={booking.id} initialEvents={[event]} />
      <UserEventMonitor initialEvents={[event]} />
      <UpcomingBookings initialData={[activity]} />
      <BookingsTab leadId="01920000-0000-7000-8000-000000000002" initialData={[activity]} />
      <TasksWidget initialData={[task]} />
      <StatusChangeForm bookingId={booking.id} initialData={status} />
      <DayBoard date="2026-11-21" initialData={{ bookings: [booking], commands: [] }} />
      <QuickAddFromBooking />
      <CalComEmbedWithPrefill
        calLink="salon/grooming"
        customers={[{ id: "c", name: "Jan", subjects: [{ id: "p", name: "Burek" }] }]}
      />
    </SlotwireProvider>
  );
}
