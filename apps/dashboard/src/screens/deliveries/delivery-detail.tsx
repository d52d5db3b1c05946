import type { DeliveryResource, DestinationResource } from "@slotwire/contract";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { sameEventQuery } from "../../api/outbound-queries.ts";
import { attemptsQuery, deliveryQuery, destinationsQuery } from "../../api/queries.ts";
import type { DeliveriesSearch } from "../../api/search.ts";
import { t } from "../../messages/messages.ts";
import { outbound } from "../../messages/outbound.ts";
import { DeliveryOutcome } from "../../parts/delivery-outcome.tsx";
import { DetailPanel } from "../../parts/detail-panel.tsx";
import { Fact, FactList } from "../../parts/fact-list.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { ListSkeleton } from "../../parts/skeleton.tsx";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { useMay } from "../../session/use-may.ts";
import { useZone } from "../../session/use-session.ts";
import { formatShortDateTime } from "../../time/format-time.ts";
import { AttemptList } from "./attempt-list.tsx";
import { DeliveryActions } from "./delivery-actions.tsx";
import { BookingNumber } from "./delivery-row.tsx";
import { whyStopped } from "./stop-words.ts";

const words = outbound.detail;
const route = getRouteApi("/app/deliveries/$deliveryId");

/** One delivery with every attempt at it. */
export function DeliveryDetail() {
  const { deliveryId } = route.useParams();
  const search = route.useSearch();
  const may = useMay();
  const zone = useZone();
  const navigate = useNavigate();
  const delivery = useQuery(deliveryQuery(deliveryId));
  const attempts = useQuery(attemptsQuery(deliveryId, delivery.data));
  const destinations = useQuery({ ...destinationsQuery, enabled: may("destinations:read") });
  const destination = destinations.data?.data.find(
    ({ id }) => id === delivery.data?.destination_id,
  );
  const close = () => void navigate({ to: "/deliveries", search });
  const error = delivery.error ?? attempts.error;
  return (
    <DetailPanel key={deliveryId} title={t.deliveries.detail} onClose={close}>
      {delivery.isPending && <ListSkeleton lines={3} />}
      {error && <ProblemPanel error={error} onRetry={() => void delivery.refetch()} />}
      {delivery.data && (
        <>
          <Facts delivery={delivery.data} destination={destination} search={search} />
          <WhyNotSent delivery={delivery.data} />
          {may("deliveries:manage") && <DeliveryActions delivery={delivery.data} search={search} />}
        </>
      )}
      {attempts.data && (
        <AttemptList
          attempts={attempts.data.data}
          zone={zone}
          url={destination?.url ?? null}
          deliveryId={deliveryId}
          none={isNever(delivery.data) ? words.noAttempts : t.deliveries.noAttempts}
        />
      )}
    </DetailPanel>
  );
}

/** Whether nothing is tried any more. */
const isNever = (delivery: DeliveryResource | undefined): boolean =>
  delivery?.status === "skipped" || delivery?.status === "cancelled";

interface DetailProps {
  delivery: DeliveryResource;
  /** Undefined when the reader may not see it, or it is gone. */
  destination: DestinationResource | undefined;
}

function Facts({ delivery, destination, search }: DetailProps & { search: DeliveriesSearch }) {
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
      <Fact name={t.deliveries.destination}>
        {destination === undefined ? (
          delivery.destination_name
        ) : (
          <Link
            to="/destinations/$destinationId"
            params={{ destinationId: destination.id }}
            className="text-accent hover:underline"
          >
            {destination.name}
          </Link>
        )}
      </Fact>
      <Fact name={t.deliveries.created}>{formatShortDateTime(delivery.created_at, zone)}</Fact>
      <Fact name={t.deliveries.delivered}>
        {delivery.delivered_at && formatShortDateTime(delivery.delivered_at, zone)}
      </Fact>
      <Fact name={t.deliveries.nextAttempt}>
        {delivery.next_attempt_at && <TimeAgo at={delivery.next_attempt_at} />}
      </Fact>
      <Fact name={words.webhookId}>
        <code className="text-xs">msg_{delivery.replay_of ?? delivery.id}</code>
      </Fact>
      <Relatives delivery={delivery} search={search} />
    </FactList>
  );
}

/** The first delivery of the event, and what was sent anew of it. */
function Relatives({
  delivery,
  search,
}: Omit<DetailProps, "destination"> & { search: DeliveriesSearch }) {
  const zone = useZone();
  const same = useQuery(sameEventQuery(delivery.booking_id, delivery.destination_id));
  const first = delivery.replay_of ?? delivery.id;
  const anew = (same.data?.data ?? []).filter(
    ({ id, replay_of: of }) => of === first && id !== delivery.id,
  );
  const link = (deliveryId: string, text: string) => (
    <Link
      key={deliveryId}
      to="/deliveries/$deliveryId"
      params={{ deliveryId }}
      search={search}
      className="mr-3 text-accent hover:underline"
    >
      {text}
    </Link>
  );
  return (
    <>
      <Fact name={words.original}>
        {delivery.replay_of !== null && link(delivery.replay_of, words.showOriginal)}
      </Fact>
      <Fact name={words.replays}>
        {anew.length > 0 &&
          anew.map(({ id, created_at: at }) => link(id, formatShortDateTime(at, zone)))}
      </Fact>
    </>
  );
}

function WhyNotSent({ delivery }: Pick<DetailProps, "delivery">) {
  const told = whyStopped(delivery);
  if (told === null) return null;
  return (
    <div className="rounded-lg bg-quiet-soft px-3 py-2 text-sm">
      <p className="font-medium">{told.title}</p>
      <p>{told.why}</p>
    </div>
  );
}
