import type { CreatedApiKey } from "@slotwire/contract";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { access } from "../../messages/access.ts";
import { Button } from "../../parts/button.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { MoreButton } from "../../parts/more-button.tsx";
import { PageHeader } from "../../parts/page-header.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { ListSkeleton } from "../../parts/skeleton.tsx";
import { useSession } from "../../session/use-session.ts";
import { CreateKeyDialog } from "./create-key-dialog.tsx";
import { KeyRow } from "./key-row.tsx";
import { NewKeyDialog } from "./new-key-dialog.tsx";
import { keysQuery } from "./queries.ts";

/** The keys by which programs speak with the hub. */
export function KeysScreen() {
  const { grants } = useSession();
  const query = useInfiniteQuery(keysQuery);
  const [isMaking, setIsMaking] = useState(false);
  const [made, setMade] = useState<CreatedApiKey | null>(null);
  const rows = query.data?.pages.flatMap((page) => page.data);
  const add = grants["keys:manage"] !== undefined && (
    <Button weight="primary" icon="plus" onClick={() => setIsMaking(true)}>
      {access.keys.add}
    </Button>
  );
  return (
    <div className="mx-auto max-w-5xl">
      <PageHeader
        title={access.keys.title}
        below={grants["keys:read"] === "own" ? access.keys.ownIntro : access.keys.intro}
      >
        {add}
      </PageHeader>
      {query.error && <ProblemPanel error={query.error} onRetry={() => void query.refetch()} />}
      <div className="panel overflow-hidden">
        {query.isPending && <ListSkeleton lines={3} />}
        {rows?.length === 0 && (
          <EmptyState icon="key" title={access.keys.emptyTitle} text={access.keys.emptyText} />
        )}
        <ul className="divide-y divide-line">
          {rows?.map((key) => (
            <KeyRow key={key.id} apiKey={key} />
          ))}
        </ul>
        <MoreButton query={query} />
      </div>
      {isMaking && (
        <CreateKeyDialog
          onClose={() => setIsMaking(false)}
          onMade={(key) => {
            setIsMaking(false);
            setMade(key);
          }}
        />
      )}
      {made && <NewKeyDialog apiKey={made} onClose={() => setMade(null)} />}
    </div>
  );
}
