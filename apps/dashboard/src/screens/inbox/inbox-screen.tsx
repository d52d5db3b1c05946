import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate, useParams } from "@tanstack/react-router";
import { messagesQuery } from "../../api/queries.ts";
import { inboundMessageStatuses } from "../../api/statuses.ts";
import { t } from "../../messages/messages.ts";
import { LinkButton } from "../../parts/button.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { FilterTabs } from "../../parts/filter-tabs.tsx";
import { MoreButton } from "../../parts/more-button.tsx";
import { PageHeader } from "../../parts/page-header.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { ListSkeleton } from "../../parts/skeleton.tsx";
import { SplitView } from "../../parts/split-view.tsx";
import { MessageRow } from "./message-row.tsx";

const route = getRouteApi("/app/inbox");

/** What the sources sent, newest first, and what became of it. */
export function InboxScreen() {
  const search = route.useSearch();
  const { status } = search;
  const { messageId } = useParams({ strict: false });
  const navigate = useNavigate();
  const query = useInfiniteQuery(messagesQuery({ status }));
  const rows = query.data?.pages.flatMap((page) => page.data);
  return (
    <>
      <PageHeader title={t.inbox.title} below={t.inbox.intro} />
      <SplitView isOpen={messageId !== undefined}>
        <div className="mb-3">
          <FilterTabs
            label={t.inbox.filter}
            values={inboundMessageStatuses}
            words={t.inbox.status}
            value={status}
            onChange={(next) => void navigate({ to: ".", search: next ? { status: next } : {} })}
          />
        </div>
        {query.error && <ProblemPanel error={query.error} onRetry={() => void query.refetch()} />}
        <div className="panel @container overflow-hidden">
          {query.isPending && <ListSkeleton />}
          {rows?.length === 0 && <NoMessages isFiltered={status !== undefined} />}
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
      </SplitView>
    </>
  );
}

function NoMessages({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered) {
    return (
      <EmptyState
        icon="inbox"
        title={t.inbox.emptyFilteredTitle}
        text={t.inbox.emptyFilteredText}
      />
    );
  }
  return (
    <EmptyState icon="inbox" title={t.inbox.emptyTitle} text={t.inbox.emptyText}>
      <LinkButton to="/connect" weight="primary" icon="plug">
        {t.today.emptyAction}
      </LinkButton>
    </EmptyState>
  );
}
