import type { ConnectionResource } from "@slotwire/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { hub } from "../../api/hub.ts";
import { connectionsQuery } from "../../api/queries.ts";
import { t } from "../../messages/messages.ts";
import { LinkButton } from "../../parts/button.tsx";
import { Chip } from "../../parts/chip.tsx";
import { ConfirmButton } from "../../parts/confirm-button.tsx";
import { CopyField } from "../../parts/copy-field.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { relativeTime } from "../../time/relative-time.ts";
import { useNow } from "../../time/use-now.ts";

/** One connection: what to paste at the source, and whether anything has arrived from it. */
export function ConnectionPanel({ connection }: { connection: ConnectionResource }) {
  const origin = t.connect.origin[connection.origin];
  return (
    <section className="panel space-y-5 p-5" aria-label={connection.name}>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <div>
          <h2 className="text-lg font-semibold">{connection.name}</h2>
          <p className="text-sm text-muted">
            {[connection.kind, origin].filter((words) => words !== "").join(" · ")}
          </p>
        </div>
        <Arrival connection={connection} />
      </div>
      <CopyField label={t.connect.address} value={connection.webhook_url} />
      <Secret connection={connection} />
      <LinkButton weight="ghost" icon="inbox" to="/inbox">
        {t.connect.inbox}
      </LinkButton>
    </section>
  );
}

function Arrival({ connection }: { connection: ConnectionResource }) {
  const now = useNow();
  if (connection.status === "paused") {
    return <Chip look={{ tone: "warn", icon: "pause" }}>{t.connect.paused}</Chip>;
  }
  if (connection.last_message_at === null) {
    return <Chip look={{ tone: "quiet", icon: "clock" }}>{t.connect.waiting}</Chip>;
  }
  return (
    <Chip look={{ tone: "ok", icon: "check" }}>
      {t.connect.last(relativeTime(connection.last_message_at, now))}
    </Chip>
  );
}

function Secret({ connection }: { connection: ConnectionResource }) {
  const queries = useQueryClient();
  const rotate = useMutation({
    mutationFn: () => hub.connections.rotateSecret(connection.id),
    onSuccess: () => queries.invalidateQueries({ queryKey: connectionsQuery.queryKey }),
  });
  if (rotate.data) {
    return (
      <div className="space-y-2 rounded-lg bg-accent-soft p-4">
        <CopyField label={t.connect.secret} value={rotate.data.secret} />
        <p className="text-sm">{t.connect.secretOnce}</p>
      </div>
    );
  }
  return (
    <div>
      <p className="eyebrow mb-1">{t.connect.secret}</p>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className={connection.has_secret ? "" : "text-warn"}>{wordsOn(connection)}</p>
        {connection.origin !== "environment" && (
          <ConfirmButton
            icon="key"
            label={connection.has_secret ? t.connect.rotate : t.connect.setSecret}
            question={connection.has_secret ? t.connect.rotateConfirm : null}
            disabled={rotate.isPending}
            onConfirm={() => rotate.mutate()}
          />
        )}
      </div>
      {rotate.error && <ProblemPanel error={rotate.error} />}
    </div>
  );
}

/** The environment's secret comes back with every start: to change it here would not last. */
function wordsOn({ has_secret, origin }: ConnectionResource): string {
  if (!has_secret) return t.connect.noSecret;
  return origin === "environment" ? t.connect.environmentSecret : t.connect.hasSecret;
}
