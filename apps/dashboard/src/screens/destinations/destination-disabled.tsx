import type { DestinationResource } from "@slotwire/contract";
import { useQuery } from "@tanstack/react-query";
import { deliveryCountsQuery } from "../../api/outbound-queries.ts";
import { outbound } from "../../messages/outbound.ts";
import { LinkButton } from "../../parts/button.tsx";
import { Section } from "../../parts/section.tsx";
import { useMay } from "../../session/use-may.ts";
import { PauseButton } from "./destination-actions.tsx";
import { DestinationState } from "./destination-state.tsx";

const words = outbound.destination.disabled;

interface DestinationDisabledProps {
  destination: DestinationResource;
  onResumed: () => void;
}

/** Why nothing is sent to a destination, what to do about it, and what that will do. */
export function DestinationDisabled({ destination, onResumed }: DestinationDisabledProps) {
  const mayManage = useMay()("destinations:manage");
  return (
    <Section title={words.title} state={<DestinationState status={destination.status} />}>
      <div className="space-y-3">
        <p className="font-medium text-bad">{destination.disabled_reason}</p>
        {mayManage && <p>{words.todo}</p>}
        <p className="text-muted">{words.resuming}</p>
        <div className="flex flex-wrap gap-2">
          {mayManage && <PauseButton destination={destination} onDone={onResumed} />}
          <Missed id={destination.id} />
        </div>
      </div>
    </Section>
  );
}

/** What is left to do once a destination was resumed. */
export function DestinationResumed({ id }: { id: string }) {
  return (
    <Section title={words.resumed} text={words.resumedText}>
      <Missed id={id} />
    </Section>
  );
}

/** Leads to what was not sent because a destination was disabled. */
function Missed({ id }: { id: string }) {
  const counts = useQuery({
    ...deliveryCountsQuery({ destination_id: id, skip_reason: "destination_disabled" }),
    enabled: useMay()("deliveries:read"),
  }).data;
  if (counts === undefined) return null;
  const missed = Object.values(counts.by_status).reduce((sum, count) => sum + count, 0);
  if (missed === 0) return <p className="self-center text-sm text-muted">{words.missedNone}</p>;
  return (
    <LinkButton
      icon="log"
      to="/deliveries"
      search={{ destination: id, reason: "destination_disabled" }}
    >
      {words.missed(missed, counts.is_limited)}
    </LinkButton>
  );
}
