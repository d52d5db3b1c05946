import type { CreatedFeed } from "@slotwire/contract";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { feeds } from "../../messages/feeds.ts";
import { Button } from "../../parts/button.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { MoreButton } from "../../parts/more-button.tsx";
import { PageHeader } from "../../parts/page-header.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { ListSkeleton } from "../../parts/skeleton.tsx";
import { useSession } from "../../session/use-session.ts";
import { CreateFeedDialog } from "./create-feed-dialog.tsx";
import { FeedRow } from "./feed-row.tsx";
import { NewFeedDialog } from "./new-feed-dialog.tsx";
import { feedsQuery } from "./queries.ts";

/** The addresses at which calendars read bookings. */
export function FeedsScreen() {
  const isOwn = useSession().grants["feeds:manage"] === "own";
  const query = useInfiniteQuery(feedsQuery);
  const [isMaking, setIsMaking] = useState(false);
  const [made, setMade] = useState<CreatedFeed | null>(null);
  const rows = query.data?.pages.flatMap((page) => page.data);
  return (
    <div className="mx-auto max-w-5xl">
      <PageHeader title={feeds.title} below={isOwn ? feeds.ownIntro : feeds.intro}>
        <Button weight="primary" icon="plus" onClick={() => setIsMaking(true)}>
          {feeds.add}
        </Button>
      </PageHeader>
      {query.error && <ProblemPanel error={query.error} onRetry={() => void query.refetch()} />}
      <div className="panel overflow-hidden">
        {query.isPending && <ListSkeleton lines={3} />}
        {rows?.length === 0 && (
          <EmptyState icon="feed" title={feeds.emptyTitle} text={feeds.emptyText} />
        )}
        <ul className="divide-y divide-line">
          {rows?.map((feed) => (
            <FeedRow key={feed.id} feed={feed} />
          ))}
        </ul>
        <MoreButton query={query} />
      </div>
      {isMaking && (
        <CreateFeedDialog
          isOwn={isOwn}
          onClose={() => setIsMaking(false)}
          onMade={(feed) => {
            setIsMaking(false);
            setMade(feed);
          }}
        />
      )}
      {made && <NewFeedDialog feed={made} onClose={() => setMade(null)} />}
    </div>
  );
}
