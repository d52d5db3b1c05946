import type { ReplayResource } from "@slotwire/contract";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { hub } from "../../api/hub.ts";
import { outbound } from "../../messages/outbound.ts";

const words = outbound.replay;
/** How often a replay under way is read again, in milliseconds. */
const soon = 500;

/** A replay as it is now, and how it is stopped. */
export function useReplay(id: string) {
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: ["replay", "one", id],
    queryFn: () => hub.deliveries.getReplay(id),
    refetchInterval: ({ state }) => (state.data?.status === "running" ? soon : false),
  });
  const stop = useMutation({
    mutationFn: () => hub.deliveries.cancelReplay(id),
    onSettled: () => query.refetch(),
  });
  const isOver = query.data !== undefined && query.data.status !== "running";
  useEffect(() => {
    if (!isOver) return;
    void queries.invalidateQueries({ queryKey: ["deliveries"] });
    void queries.invalidateQueries({ queryKey: ["replays"] });
  }, [isOver, queries]);
  return { replay: query.data, stop, error: query.error ?? stop.error };
}

/** How far a replay is. */
export function ReplayProgress({ replay }: { replay: ReplayResource }) {
  const { status, delivered, failed, skipped, total } = replay;
  const done = delivered + failed + skipped;
  return (
    <div className="space-y-2">
      <output className="block font-medium">
        {status === "cancelled" ? words.stopped(delivered, failed, skipped) : words.status[status]}
      </output>
      <progress
        className="h-2 w-full accent-accent"
        aria-label={words.title}
        // What was stopped is no progress.
        value={status === "cancelled" ? delivered + failed : done}
        max={Math.max(total, 1)}
      />
      {status !== "cancelled" && (
        <p className="text-sm text-muted">
          {words.progress(done, total)} · {words.outcome(delivered, failed, skipped)}
        </p>
      )}
    </div>
  );
}
