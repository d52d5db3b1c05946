import type { Mapping } from "@slotwire/contract";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { hub } from "../../api/hub.ts";

/** How often a first message is looked for, in milliseconds. */
const refreshWhileWaiting = 2_000;
/** How often further messages are looked for, and those counted that wait. */
const refresh = 5_000;

export const samplesQuery = (id: string) =>
  queryOptions({
    queryKey: ["mapping", "samples", id],
    queryFn: () => hub.connections.samples(id),
    refetchInterval: ({ state }) => (state.data?.data.length === 0 ? refreshWhileWaiting : refresh),
  });

export const mappingQuery = (id: string) =>
  queryOptions({
    queryKey: ["mapping", "live", id],
    queryFn: () => hub.connections.mapping(id),
    refetchInterval: refresh,
    refetchOnWindowFocus: false,
  });

export const suggestionQuery = (id: string) =>
  queryOptions({
    queryKey: ["mapping", "suggestion", id],
    queryFn: () => hub.connections.suggestMapping(id),
    refetchOnWindowFocus: false,
  });

/** What a draft reads from one sample. */
export const readingsQuery = (id: string, messageId: string, mapping: Mapping) =>
  queryOptions({
    queryKey: ["mapping", "readings", id, messageId, mapping],
    queryFn: () => hub.connections.tryMapping(id, { mapping, message_ids: [messageId], limit: 1 }),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    gcTime: 60_000,
  });
