/** Every component of the package, with what a server has read. */
import { createClient } from "@slotwire/client";
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
  StatusChangeForm,
  TasksWidget,
  UpcomingBookings,
  UserEventMonitor,
} from "../src/index.ts";
import { activity, booking, customers, event, statusChange, task } from "./server-data.ts";

const client = createClient();
export function AllComponents(): ReactElement {
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
      <StatusChangeForm bookingId={booking.id} initialData={statusChange} />
      <DayBoard date="2026-11-21" initialData={{ bookings: [booking], commands: [] }} />
      <QuickAddFromBooking />
      <CalComEmbedWithPrefill calLink="salon/grooming" customers={customers} />
    </SlotwireProvider>
  );
}
