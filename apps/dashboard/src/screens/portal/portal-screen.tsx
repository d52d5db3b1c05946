import { createClient, type SlotwireClient } from "@slotwire/client";
import type { PortalDelivery, PortalResource } from "@slotwire/contract";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { nextPage } from "../../api/queries.ts";
import { t } from "../../messages/messages.ts";
import { outbound } from "../../messages/outbound.ts";
import { DeliveryOutcome } from "../../parts/delivery-outcome.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { Icon } from "../../parts/icon.tsx";
import { MoreButton } from "../../parts/more-button.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { ListSkeleton } from "../../parts/skeleton.tsx";
import { Wordmark } from "../../shell/wordmark.tsx";
import { formatDateTime, formatShortDateTimeWithSeconds } from "../../time/format-time.ts";
import { AttemptList } from "../deliveries/attempt-list.tsx";
import { answerWords } from "../deliveries/answer-words.ts";
import { problemOf } from "../../api/problem-of.ts";
import { useAddressToken } from "../sign-in/address-token.ts";
import { EntryCard } from "../sign-in/entry-card.tsx";

const words = outbound.portal;
/** How often the log is read again, in milliseconds. */
const refreshEvery = 10_000;

/** A destination's log for whoever has a link to it: for reading, without an account. */
export function PortalScreen() {
  const token = useAddressToken();
  const hub = useMemo(() => (token === null ? null : createClient({ apiKey: token })), [token]);
  if (token === null || hub === null) return <Over />;
  return <Log key={token} token={token} hub={hub} />;
}

function Over() {
  return <EntryCard title={words.overTitle} text={words.overText} />;
}

interface LogProps {
  token: string;
  hub: SlotwireClient;
}

function Log({ token, hub }: LogProps) {
  const about = useQuery({
    queryKey: ["sign-in", "portal", token],
    queryFn: () => hub.portal.get(),
    retry: false,
  });
  const title = about.data && words.title(about.data.destination);
  useEffect(() => {
    if (title !== undefined) document.title = t.app.title(title);
  }, [title]);
  if (about.error && problemOf(about.error).status === 401) return <Over />;
  return (
    <main className="mx-auto max-w-4xl px-4 py-8 sm:px-6">
      <Wordmark />
      {about.isPending && <output className="mt-6 block text-muted">{words.loading}</output>}
      {about.error && <ProblemPanel error={about.error} onRetry={() => void about.refetch()} />}
      {about.data && (
        <>
          <header className="mt-6 mb-5">
            <h1 className="text-2xl font-semibold tracking-tight wrap-anywhere">{title}</h1>
            <p className="text-muted">
              {words.from(about.data.organisation)}{" "}
              {words.until(formatDateTime(about.data.expires_at, about.data.time_zone))}
            </p>
          </header>
          <Deliveries token={token} hub={hub} about={about.data} />
        </>
      )}
    </main>
  );
}

function Deliveries({ token, hub, about }: LogProps & { about: PortalResource }) {
  const [openId, setOpenId] = useState<string | null>(null);
  const query = useInfiniteQuery({
    queryKey: ["sign-in", "portal", token, "deliveries"],
    queryFn: ({ pageParam }) => hub.portal.deliveries({ limit: 50, ...pageParam }),
    initialPageParam: {},
    getNextPageParam: nextPage,
    refetchInterval: refreshEvery,
  });
  const rows = query.data?.pages.flatMap((page) => page.data);
  return (
    <div className="panel overflow-hidden">
      <h2 className="sr-only">{t.deliveries.title}</h2>
      {query.isPending && <ListSkeleton />}
      {query.error && <ProblemPanel error={query.error} onRetry={() => void query.refetch()} />}
      {rows?.length === 0 && <EmptyState icon="send" title={words.empty} text={words.emptyText} />}
      <ul className="divide-y divide-line">
        {rows?.map((delivery) => (
          <li key={delivery.id}>
            <Row
              delivery={delivery}
              zone={about.time_zone}
              isOpen={delivery.id === openId}
              onToggle={() => setOpenId(delivery.id === openId ? null : delivery.id)}
            />
            {delivery.id === openId && (
              <Attempts token={token} hub={hub} delivery={delivery} zone={about.time_zone} />
            )}
          </li>
        ))}
      </ul>
      <MoreButton query={query} />
    </div>
  );
}

interface RowProps {
  delivery: PortalDelivery;
  zone: string;
  isOpen: boolean;
  onToggle: () => void;
}

function Row({ delivery, zone, isOpen, onToggle }: RowProps) {
  const answer = answerWords(delivery.last_status_code, delivery.error_class);
  return (
    <button
      type="button"
      aria-expanded={isOpen}
      onClick={onToggle}
      className="group flex w-full cursor-pointer flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 text-left hover:bg-raised"
    >
      <Icon
        name="next"
        className={`size-4 text-muted transition-transform ${isOpen ? "rotate-90" : ""}`}
      />
      <DeliveryOutcome status={delivery.status} />
      <span className="min-w-0 flex-1 basis-40">
        <span className="font-medium group-hover:underline">
          {t.deliveries.eventTypes[delivery.event_type] ?? delivery.event_type}
        </span>
        {delivery.is_replay && <span className="text-sm text-muted"> · {t.deliveries.anew}</span>}
        <code className="block truncate text-xs text-muted">{delivery.webhook_id}</code>
      </span>
      {answer !== null && <span className="text-sm text-muted">{answer}</span>}
      <span className="text-sm text-muted">
        {formatShortDateTimeWithSeconds(delivery.created_at, zone)}
      </span>
    </button>
  );
}

function Attempts(props: LogProps & { delivery: PortalDelivery; zone: string }) {
  const { token, hub, delivery, zone } = props;
  const query = useQuery({
    queryKey: ["sign-in", "portal", token, delivery.id, delivery.attempt_count],
    queryFn: () => hub.portal.attempts(delivery.id),
  });
  return (
    <div className="border-t border-line bg-raised px-4 py-4">
      {query.isPending && <ListSkeleton lines={2} />}
      {query.error && <ProblemPanel error={query.error} />}
      {query.data && (
        <AttemptList
          attempts={query.data.data}
          zone={zone}
          url={null}
          deliveryId={delivery.id}
          none={delivery.status === "cancelled" ? outbound.detail.noAttempts : undefined}
        />
      )}
    </div>
  );
}
