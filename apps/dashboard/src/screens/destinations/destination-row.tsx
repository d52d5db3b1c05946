import type { DestinationFigures, DestinationResource } from "@slotwire/contract";
import { Link } from "@tanstack/react-router";
import { t } from "../../messages/messages.ts";
import { outbound } from "../../messages/outbound.ts";
import { Button, LinkButton } from "../../parts/button.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { useMay } from "../../session/use-may.ts";
import { PauseButton, TrialOutcome, useTrial } from "./destination-actions.tsx";
import { DestinationState, DestinationTrouble } from "./destination-state.tsx";
import { Figures } from "./figures.tsx";

interface DestinationRowProps {
  destination: DestinationResource;
  /** Undefined until they are read. */
  figures: DestinationFigures | undefined;
}

/** One destination, its state and figures, and what is done with it most often. */
export function DestinationRow({ destination, figures }: DestinationRowProps) {
  return (
    <li className="space-y-3 px-4 py-4 sm:px-5">
      <div className="flex flex-wrap items-start justify-between gap-x-8 gap-y-3">
        <div className="min-w-0 flex-1 basis-72">
          <h2 className="flex flex-wrap items-center gap-2 font-semibold">
            <Link
              to="/destinations/$destinationId"
              params={{ destinationId: destination.id }}
              className="wrap-anywhere hover:underline"
            >
              {destination.name}
            </Link>
            <DestinationState status={destination.status} />
          </h2>
          <p className="mt-1 font-mono text-[0.8125rem] [overflow-wrap:anywhere] text-muted">
            {destination.url}
          </p>
          <p className="mt-1 text-sm text-muted">{summaryOf(destination)}</p>
          <DestinationTrouble destination={destination} />
        </div>
        {figures && <Figures figures={figures} isShort />}
      </div>
      <Actions destination={destination} />
    </li>
  );
}

/** What a destination is sent, in a line. */
function summaryOf(destination: DestinationResource): string {
  return [
    outbound.destination.profiles[destination.profile],
    eventsOf(destination),
    t.destinations.orderings[destination.ordering],
    t.destinations.origin[destination.origin],
  ]
    .filter((words) => words !== "")
    .join(" · ");
}

function eventsOf({ event_types: types, filter }: DestinationResource): string {
  const kinds = t.destinations.eventsSummary(types);
  if (filter === null) return kinds;
  return outbound.destination.narrowed(types.includes("*") ? null : kinds);
}

function Actions({ destination }: Pick<DestinationRowProps, "destination">) {
  const mayManage = useMay()("destinations:manage");
  const trial = useTrial(destination.id);
  return (
    <>
      <div className="flex flex-wrap gap-2">
        {mayManage && (
          <>
            <PauseButton destination={destination} />
            <Button icon="send" disabled={trial.isPending} onClick={() => trial.mutate()}>
              {trial.isPending ? t.destinations.testing : t.destinations.test}
            </Button>
          </>
        )}
        <LinkButton
          icon="edit"
          to="/destinations/$destinationId"
          params={{ destinationId: destination.id }}
        >
          {outbound.destination.open}
        </LinkButton>
        <LinkButton weight="ghost" to="/deliveries" search={{ destination: destination.id }}>
          {t.destinations.deliveriesOf}
        </LinkButton>
      </div>
      {trial.data && <TrialOutcome attempt={trial.data} />}
      {trial.error && <ProblemPanel error={trial.error} />}
    </>
  );
}
