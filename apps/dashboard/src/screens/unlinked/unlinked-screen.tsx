import { useInfiniteQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { unlinkedQuery } from "../../api/queries.ts";
import { customers } from "../../messages/customers.ts";
import { Button } from "../../parts/button.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { Icon } from "../../parts/icon.tsx";
import { MoreButton } from "../../parts/more-button.tsx";
import { PageHeader } from "../../parts/page-header.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { ListSkeleton } from "../../parts/skeleton.tsx";
import type { Done } from "./done.ts";
import { UnlinkedRow } from "./unlinked-row.tsx";
import { useUndo } from "./use-links.ts";

/** Bookings that nobody is linked to, the latest first, each with whom it may be of. */
export function UnlinkedScreen() {
  const query = useInfiniteQuery(unlinkedQuery);
  const [done, setDone] = useState<Done | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const rows = query.data?.pages.flatMap((page) => page.data);
  return (
    <div className="mx-auto max-w-5xl">
      <PageHeader title={customers.unlinked.title} below={customers.unlinked.intro} />
      {query.error && <ProblemPanel error={query.error} onRetry={() => void query.refetch()} />}
      <LastDone done={done} onUndone={() => setDone(null)} />
      <div className="panel overflow-hidden">
        {query.isPending && <ListSkeleton />}
        {rows?.length === 0 && (
          <EmptyState
            icon="check"
            title={customers.unlinked.emptyTitle}
            text={customers.unlinked.emptyText}
          />
        )}
        <ul
          ref={list}
          tabIndex={-1}
          aria-label={customers.unlinked.list}
          className="divide-y divide-line outline-none"
        >
          {rows?.map((row) => (
            <UnlinkedRow
              key={row.booking.id}
              row={row}
              onDone={(next) => {
                setDone(next);
                // The row that had the focus goes away.
                list.current?.focus();
              }}
            />
          ))}
        </ul>
        <MoreButton query={query} />
      </div>
    </div>
  );
}

/** What was done last, for as long as it is the last thing. */
function LastDone({ done, onUndone }: { done: Done | null; onUndone: () => void }) {
  const undo = useUndo(onUndone);
  return (
    <>
      {undo.error && <ProblemPanel error={undo.error} />}
      <output className={done === null ? "" : "panel mb-4 flex items-center gap-3 p-3"}>
        {done !== null && (
          <>
            <Icon name="check" className="size-4 text-ok" />
            <span className="min-w-0 flex-1 wrap-anywhere">{done.text}</span>
            <Button icon="retry" disabled={undo.isPending} onClick={() => undo.mutate(done)}>
              {customers.unlinked.undo}
            </Button>
          </>
        )}
      </output>
    </>
  );
}
