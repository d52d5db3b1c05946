import type { ConnectionMapping, Mapping } from "@slotwire/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { connectionsQuery } from "../../api/queries.ts";
import { hub } from "../../api/hub.ts";
import { mappingWords } from "../../messages/mapping.ts";
import { ConfirmButton } from "../../parts/confirm-button.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { isComplete } from "./draft.ts";
import { mappingQuery } from "./queries.ts";

interface GoLiveProps {
  connectionId: string;
  draft: Mapping;
  live: ConnectionMapping;
  /** Whether the draft is what is live. */
  isLive: boolean;
}

/** Makes the draft what counts, after saying what will happen. */
export function GoLive({ connectionId, draft, live, isLive }: GoLiveProps) {
  const queries = useQueryClient();
  const words = mappingWords.live;
  const put = useMutation({
    mutationFn: () => hub.connections.putMapping(connectionId, { mapping: draft }, live.version),
    onSuccess: (fresh) => {
      queries.setQueryData(mappingQuery(connectionId).queryKey, fresh);
      void queries.invalidateQueries({ queryKey: connectionsQuery.queryKey });
    },
    onError: () =>
      void queries.invalidateQueries({ queryKey: mappingQuery(connectionId).queryKey }),
  });
  const isReady = isComplete(draft);
  return (
    <div className="space-y-3">
      {put.error && <ProblemPanel error={put.error} />}
      <div className="flex flex-wrap items-center justify-end gap-3">
        <output className="text-sm text-muted">
          {put.data && isLive ? words.done(put.data.version) : isReady ? "" : words.incomplete}
        </output>
        <ConfirmButton
          icon="check"
          weight="primary"
          label={put.isPending ? words.going : words.go}
          question={words.question(live.waiting)}
          disabled={put.isPending || !isReady || isLive}
          onConfirm={() => put.mutate()}
        />
      </div>
    </div>
  );
}
