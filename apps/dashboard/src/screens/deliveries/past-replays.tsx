import type { ReplayResource } from "@slotwire/contract";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { hub } from "../../api/hub.ts";
import { replaysQuery } from "../../api/outbound-queries.ts";
import { outbound } from "../../messages/outbound.ts";
import { Button } from "../../parts/button.tsx";
import { MoreButton } from "../../parts/more-button.tsx";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { useMay } from "../../session/use-may.ts";

const words = outbound.replay;

/** What was sent anew together; nothing where nothing was. */
export function PastReplays() {
  const query = useInfiniteQuery(replaysQuery);
  const rows = query.data?.pages.flatMap((page) => page.data) ?? [];
  if (rows.length === 0) return null;
  return (
    <section aria-labelledby="past-replays" className="mt-6">
      <h2 id="past-replays" className="mb-2 px-1 font-semibold">
        {words.past}
      </h2>
      <div className="panel overflow-hidden">
        <ul className="divide-y divide-line">
          {rows.map((replay) => (
            <PastReplay key={replay.id} replay={replay} />
          ))}
        </ul>
        <MoreButton query={query} />
      </div>
    </section>
  );
}

function PastReplay({ replay }: { replay: ReplayResource }) {
  const queries = useQueryClient();
  const may = useMay()("deliveries:manage");
  const stop = useMutation({
    mutationFn: () => hub.deliveries.cancelReplay(replay.id),
    onSettled: () => queries.invalidateQueries({ queryKey: ["replays"] }),
  });
  const { delivered, failed, skipped, total, status } = replay;
  const isRunning = status === "running";
  const isStopped = status === "cancelled";
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 text-sm">
      <div className="min-w-0 flex-1 basis-56">
        <p className="font-medium">
          {isStopped
            ? words.stopped(delivered, failed, skipped)
            : `${words.status[status]} ${isRunning ? words.progress(delivered + failed + skipped, total) : words.total(total)}`}
        </p>
        <p className="text-muted">
          {!isStopped && `${words.outcome(delivered, failed, skipped)} · `}
          {words.by(replay.requested_by)} · <TimeAgo at={replay.created_at} />
        </p>
      </div>
      {isRunning && may && (
        <Button icon="cross" disabled={stop.isPending} onClick={() => stop.mutate()}>
          {words.stop}
        </Button>
      )}
      <Link
        to="/deliveries"
        search={{ replay: replay.id }}
        className="font-medium text-accent hover:underline"
      >
        {words.show}
      </Link>
    </li>
  );
}
