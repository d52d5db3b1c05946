import { useLiveEvents, useLiveStatus } from "@slotwire/react";
import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import type { BookingEvent, StreamGap } from "@slotwire/contract";
import { useEffect } from "react";
import { hub } from "../api/hub.ts";
import { beginElsewhere } from "../session/begin-elsewhere.ts";
import { announce } from "./announcer.tsx";
import { receiveLiveEvent } from "./live-bookings.ts";
import { readAgain } from "./read-again.ts";

/** Lists are read again at most this often because of events, in milliseconds. */
const settle = 400;
const settleUnlinked = 3_000;

/**
 * Follows the organisation's events for the whole page: bookings are changed where they are shown,
 * everything that an event touches is read again, and all of it after every new connection.
 */
export function useLiveFeed(): void {
  const queries = useQueryClient();
  const onGap = ({ newest }: StreamGap): void => {
    // It may be another organisation's log, or somebody else reads it.
    if (newest === 0) void beginElsewhere(queries);
    readAgain(queries, { predicate: isNotSession });
  };
  useLiveEvents(hub, { onEvent: (event) => receive(queries, event), onGap });
  const status = useLiveStatus(hub);
  const isLive = status === "live";
  useEffect(() => {
    // What was read before the stream stood may have missed a change in between.
    if (isLive) readAgain(queries, { predicate: isNotSession });
  }, [isLive, queries]);
  const isDenied = status === "denied";
  useEffect(() => {
    // The session may be over.
    if (isDenied) void beginElsewhere(queries);
  }, [isDenied, queries]);
}

function receive(queries: QueryClient, event: BookingEvent): void {
  receiveLiveEvent(event);
  announce(event.description);
  const id = event.booking_id;
  // It is gone for this reader: what was read before may still have it.
  if (event.data.booking === undefined) readAgain(queries, { queryKey: ["bookings"] });
  readAgain(queries, { queryKey: ["bookings", "one", id] });
  readAgain(queries, { queryKey: ["bookings", "timeline", id] });
  readTrafficSoon(queries);
  readUnlinkedSoon(queries);
}

let timer: ReturnType<typeof setTimeout> | undefined;

/** Reads what came in and went out again, once for all events of a moment. */
function readTrafficSoon(queries: QueryClient): void {
  timer ??= setTimeout(() => {
    timer = undefined;
    for (const key of ["messages", "deliveries", "commands", "connections"]) {
      readAgain(queries, { queryKey: [key] });
    }
  }, settle);
}

let unlinkedTimer: ReturnType<typeof setTimeout> | undefined;

/** What is unlinked is counted over all bookings: seldom enough for a busy organisation. */
function readUnlinkedSoon(queries: QueryClient): void {
  unlinkedTimer ??= setTimeout(() => {
    unlinkedTimer = undefined;
    readAgain(queries, { queryKey: ["unlinked"] });
  }, settleUnlinked);
}

const isNotSession = (query: { readonly queryKey: readonly unknown[] }) =>
  query.queryKey[0] !== "session";
