import type { DeliveryAttemptResource, DeliveryResource } from "@slotwire/contract";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { hub } from "../../api/hub.ts";
import { attemptsQuery, deliveryQuery } from "../../api/queries.ts";
import { t } from "../../messages/messages.ts";
import { Button } from "../../parts/button.tsx";
import { CodeBlock } from "../../parts/code-block.tsx";
import { DeliveryOutcome } from "../../parts/delivery-outcome.tsx";
import { DetailPanel } from "../../parts/detail-panel.tsx";
import { Fact, FactList } from "../../parts/fact-list.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { ListSkeleton } from "../../parts/skeleton.tsx";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { useMay } from "../../session/use-may.ts";
import { useZone } from "../../session/use-session.ts";
import { formatShortDateTime, formatTimeWithSeconds } from "../../time/format-time.ts";
import { answerWords } from "./answer-words.ts";
import { BookingNumber } from "./delivery-row.tsx";

const route = getRouteApi("/app/deliveries/$deliveryId");

/** One delivery with every attempt at it. */
export function DeliveryDetail() {
  const { deliveryId } = route.useParams();
  const search = route.useSearch();
  const mayRetry = useMay()("deliveries:manage");
  const navigate = useNavigate();
  const delivery = useQuery(deliveryQuery(deliveryId));
  const attempts = useQuery(attemptsQuery(deliveryId, delivery.data));
  const close = () => void navigate({ to: "/deliveries", search });
  const error = delivery.error ?? attempts.error;
  return (
    <DetailPanel key={deliveryId} title={t.deliveries.detail} onClose={close}>
      {delivery.isPending && <ListSkeleton lines={3} />}
      {error && <ProblemPanel error={error} onRetry={() => void delivery.refetch()} />}
      {delivery.data && <Facts delivery={delivery.data} />}
      {delivery.data && mayRetry && <Retry delivery={delivery.data} />}
      {attempts.data && <Attempts attempts={attempts.data.data} />}
    </DetailPanel>
  );
}

function Facts({ delivery }: { delivery: DeliveryResource }) {
  const zone = useZone();
  return (
    <FactList>
      <Fact name={t.deliveries.outcome}>
        <DeliveryOutcome status={delivery.status} />
      </Fact>
      <Fact name={t.deliveries.event}>
        {t.deliveries.eventTypes[delivery.event_type] ?? delivery.event_type}{" "}
        <code className="text-xs text-muted">{delivery.event_type}</code>
      </Fact>
      <Fact name={t.deliveries.booking}>
        <BookingNumber delivery={delivery} />
      </Fact>
      <Fact name={t.deliveries.destination}>{delivery.destination_name}</Fact>
      <Fact name={t.deliveries.skipReason}>{delivery.skip_reason}</Fact>
      <Fact name={t.deliveries.errorClass}>{delivery.error_class?.replaceAll("_", " ")}</Fact>
      <Fact name={t.deliveries.created}>{formatShortDateTime(delivery.created_at, zone)}</Fact>
      <Fact name={t.deliveries.delivered}>
        {delivery.delivered_at && formatShortDateTime(delivery.delivered_at, zone)}
      </Fact>
      <Fact name={t.deliveries.nextAttempt}>
        {delivery.next_attempt_at && <TimeAgo at={delivery.next_attempt_at} />}
      </Fact>
      <Fact name={t.deliveries.eventId}>
        <code className="text-xs">
          {delivery.booking_event_id ?? delivery.operational_event_id}
        </code>
      </Fact>
    </FactList>
  );
}

/** The hub refuses to repeat what has arrived or is on its way. */
const retryable: readonly DeliveryResource["status"][] = [
  "retrying",
  "exhausted",
  "skipped",
  "cancelled",
];

function Retry({ delivery }: { delivery: DeliveryResource }) {
  const queries = useQueryClient();
  const retry = useMutation({
    mutationFn: () => hub.deliveries.retry(delivery.id),
    onSettled: () => queries.invalidateQueries({ queryKey: ["deliveries"] }),
  });
  const isOver = delivery.status === "delivered";
  return (
    <>
      {retryable.includes(delivery.status) && (
        <Button icon="retry" disabled={retry.isPending} onClick={() => retry.mutate()}>
          {retry.isPending ? t.deliveries.retrying : t.deliveries.retry}
        </Button>
      )}
      {retry.isSuccess && !isOver && <output className="block">{t.deliveries.retried}</output>}
      {retry.error && <ProblemPanel error={retry.error} />}
    </>
  );
}

function Attempts({ attempts }: { attempts: readonly DeliveryAttemptResource[] }) {
  if (attempts.length === 0) {
    return <p className="text-sm text-muted">{t.deliveries.noAttempts}</p>;
  }
  return (
    <div>
      <h3 className="eyebrow mb-1.5">{t.deliveries.attempts}</h3>
      <ol className="divide-y divide-line rounded-lg border border-line">
        {attempts.map((attempt) => (
          <Attempt key={attempt.no} attempt={attempt} />
        ))}
      </ol>
    </div>
  );
}

function Attempt({ attempt }: { attempt: DeliveryAttemptResource }) {
  const zone = useZone();
  const isFine = attempt.status_code !== null && attempt.status_code < 300;
  return (
    <li className="space-y-1.5 px-3 py-2.5 text-sm">
      <p className="flex flex-wrap items-baseline justify-between gap-x-3">
        <span className="font-medium">{t.deliveries.attempt(attempt.no)}</span>
        <span className={isFine ? "text-ok" : "text-bad"}>
          {answerWords(attempt.status_code, attempt.error_class) ?? t.deliveries.noResponse}
        </span>
        <span className="text-muted">{t.deliveries.took(attempt.total_ms)}</span>
        <span className="text-muted">{formatTimeWithSeconds(attempt.at, zone)}</span>
      </p>
      {attempt.error && <p className="[overflow-wrap:anywhere]">{attempt.error}</p>}
      {attempt.response_body && (
        <CodeBlock label={t.deliveries.response} text={attempt.response_body} isLimited />
      )}
    </li>
  );
}
