import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { connectionsQuery, messagesQuery } from "../../api/queries.ts";
import { t } from "../../messages/messages.ts";
import { operate } from "../../messages/operate.ts";
import { Button, LinkButton } from "../../parts/button.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { MoreButton } from "../../parts/more-button.tsx";
import { PageHeader } from "../../parts/page-header.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { ListSkeleton } from "../../parts/skeleton.tsx";
import { SplitView } from "../../parts/split-view.tsx";
import { useMay } from "../../session/use-may.ts";
import { useZone } from "../../session/use-session.ts";
import { InboxFilters } from "./inbox-filters.tsx";
import { filterOf, isFiltered } from "./message-filter.ts";
import { MessageRow } from "./message-row.tsx";
import { ReprocessDialog } from "./reprocess-dialog.tsx";
import { Retention } from "./retention.tsx";

const route = getRouteApi("/app/inbox");

/** What the sources sent, newest first, and what became of it. */
export function InboxScreen() {
  const search = route.useSearch();
  const zone = useZone();
  const may = useMay();
  const { messageId } = useParams({ strict: false });
  const [isAgain, setIsAgain] = useState(false);
  const filter = filterOf(search, zone);
  const query = useInfiniteQuery(messagesQuery(filter));
  const rows = query.data?.pages.flatMap((page) => page.data);
  return (
    <>
      <PageHeader title={t.inbox.title} below={t.inbox.intro}>
        {may("inbox:manage") && isFiltered(search) && (rows?.length ?? 0) > 0 && (
          <Button icon="retry" onClick={() => setIsAgain(true)}>
            {operate.again.actionMany}
          </Button>
        )}
      </PageHeader>
      <SplitView isOpen={messageId !== undefined}>
        <InboxFilters search={search} />
        {query.error && <ProblemPanel error={query.error} onRetry={() => void query.refetch()} />}
        <div className="panel @container overflow-hidden">
          {query.isPending && <ListSkeleton />}
          {rows?.length === 0 && <NoMessages isFiltered={isFiltered(search)} />}
          <ul className="divide-y divide-line">
            {rows?.map((message) => (
              <MessageRow
                key={message.id}
                message={message}
                isOpen={message.id === messageId}
                search={search}
              />
            ))}
          </ul>
          <MoreButton query={query} />
        </div>
        {may("inbox:read") && <Retention />}
      </SplitView>
      {isAgain && <ReprocessDialog choice={{ filter }} onClose={() => setIsAgain(false)} />}
    </>
  );
}

function NoMessages({ isFiltered: isNarrowed }: { isFiltered: boolean }) {
  if (isNarrowed) {
    return (
      <EmptyState
        icon="inbox"
        title={t.inbox.emptyFilteredTitle}
        text={t.inbox.emptyFilteredText}
      />
    );
  }
  return <NothingYet />;
}

/** Where nothing is connected, that comes first; else somebody has to send something. */
function NothingYet() {
  const may = useMay();
  const connections = useQuery({ ...connectionsQuery, enabled: may("connections:read") });
  const isConnected = (connections.data?.data.length ?? 0) > 0;
  return (
    <EmptyState
      icon="inbox"
      title={t.inbox.emptyTitle}
      text={isConnected ? t.inbox.emptyConnectedText : t.inbox.emptyText}
    >
      {may("connections:read") && (
        <LinkButton to="/connect" weight={isConnected ? "plain" : "primary"} icon="plug">
          {isConnected ? t.inbox.emptyConnectedAction : t.today.emptyAction}
        </LinkButton>
      )}
    </EmptyState>
  );
}
