import type { FeedResource } from "@slotwire/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { hub } from "../../api/hub.ts";
import { feeds } from "../../messages/feeds.ts";
import { Chip } from "../../parts/chip.tsx";
import { ConfirmButton } from "../../parts/confirm-button.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { feedsQuery } from "./queries.ts";

/** One feed: whose bookings it shows, and whether anybody reads it. */
export function FeedRow({ feed }: { feed: FeedResource }) {
  const whose = feed.customer?.name ?? feed.provider_email;
  return (
    <li className="px-4 py-4 sm:px-5">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-72">
          <h2 className="flex flex-wrap items-center gap-x-2.5 gap-y-1 font-semibold">
            <span className="min-w-0 wrap-anywhere">{feed.name}</span>
            {feed.shows_names && (
              <Chip look={{ tone: "info", icon: "eye" }}>{feeds.withNames}</Chip>
            )}
          </h2>
          <p className="mt-0.5 wrap-anywhere text-sm text-muted">
            {feeds.of(feed.scope, whose)} · {feeds.days(feed.days_back, feed.days_ahead)}
            {` · ${feed.created_by === null ? feeds.madeByKey : feeds.madeBy(feed.created_by)}`}
          </p>
        </div>
        <div className="flex min-w-0 flex-wrap items-center gap-x-6 gap-y-2 text-sm text-muted">
          <p>
            {feed.last_read_at === null ? (
              feeds.unread
            ) : (
              <>
                {feeds.read} <TimeAgo at={feed.last_read_at} />
              </>
            )}
          </p>
          <End feed={feed} />
        </div>
      </div>
    </li>
  );
}

function End({ feed }: { feed: FeedResource }) {
  const queries = useQueryClient();
  const end = useMutation({
    mutationFn: () => hub.feeds.remove(feed.id),
    onSettled: () => queries.invalidateQueries({ queryKey: feedsQuery.queryKey }),
  });
  return (
    <>
      <ConfirmButton
        icon="cross"
        label={feeds.revoke}
        fullLabel={feeds.revokeOf(feed.name)}
        question={feeds.revokeConfirm(feed.name)}
        disabled={end.isPending}
        onConfirm={() => end.mutate()}
      />
      {end.error && <ProblemPanel error={end.error} />}
    </>
  );
}
