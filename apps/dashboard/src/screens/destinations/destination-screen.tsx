import { ApiError } from "@slotwire/client";
import type {
  DestinationResource,
  DestinationWithSecret,
  RotateDestinationSecret,
} from "@slotwire/contract";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { hub } from "../../api/hub.ts";
import { destinationQuery, statisticsQuery } from "../../api/outbound-queries.ts";
import { t } from "../../messages/messages.ts";
import { outbound } from "../../messages/outbound.ts";
import { Button, LinkButton } from "../../parts/button.tsx";
import { ConfirmButton } from "../../parts/confirm-button.tsx";
import { PageHeader } from "../../parts/page-header.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { Section } from "../../parts/section.tsx";
import { ListSkeleton } from "../../parts/skeleton.tsx";
import { useMay } from "../../session/use-may.ts";
import { useZone } from "../../session/use-session.ts";
import { relativeTime } from "../../time/relative-time.ts";
import { useNow } from "../../time/use-now.ts";
import { AttemptList } from "../deliveries/attempt-list.tsx";
import { PauseButton, TrialOutcome, useTrial } from "./destination-actions.tsx";
import { DestinationDisabled, DestinationResumed } from "./destination-disabled.tsx";
import { DestinationState, DestinationTrouble } from "./destination-state.tsx";
import { Figures } from "./figures.tsx";
import { PortalLinks } from "./portal-links.tsx";
import { RequestPreview } from "./request-preview.tsx";
import { SecretDialog } from "./secret-dialog.tsx";
import { SettingsForm } from "./settings-form.tsx";
import { VerifyChoice } from "./verify-choice.tsx";

const words = outbound.destination;
const route = getRouteApi("/app/destinations/$destinationId");

/** One destination: how it fares, what it is sent, and how. */
export function DestinationScreen() {
  const { destinationId } = route.useParams();
  const query = useQuery(destinationQuery(destinationId));
  return (
    <>
      <PageHeader
        title={query.data?.name ?? t.destinations.title}
        above={
          <Link to="/destinations" className="hover:underline">
            {words.all}
          </Link>
        }
        below={query.data && <span className="font-mono text-sm">{query.data.url}</span>}
      >
        <LinkButton to="/deliveries" search={{ destination: destinationId }} icon="send">
          {t.destinations.deliveriesOf}
        </LinkButton>
      </PageHeader>
      {query.isPending && <ListSkeleton lines={4} />}
      {query.error && <ProblemPanel error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && <Destination destination={query.data} />}
    </>
  );
}

function Destination({ destination }: { destination: DestinationResource }) {
  const mayManage = useMay()("destinations:manage");
  const statistics = useQuery(statisticsQuery).data;
  const now = useNow();
  const figures = statistics?.destinations.find(({ id }) => id === destination.id);
  const isDisabled = destination.status === "disabled";
  const [wasResumed, setWasResumed] = useState(false);
  return (
    <div className="max-w-3xl space-y-5">
      {isDisabled && (
        <DestinationDisabled destination={destination} onResumed={() => setWasResumed(true)} />
      )}
      {wasResumed && !isDisabled && <DestinationResumed id={destination.id} />}
      <Section
        title={outbound.figures.title}
        state={!isDisabled && <DestinationState status={destination.status} />}
      >
        {figures && (
          <>
            <Figures figures={figures} />
            <p className="mt-2 text-sm text-muted">
              {figures.last_delivered_at !== null &&
                outbound.figures.last(relativeTime(figures.last_delivered_at, now))}{" "}
              {figures.is_limited && outbound.figures.limited}
            </p>
          </>
        )}
        {!isDisabled && <DestinationTrouble destination={destination} />}
      </Section>
      {mayManage && (
        <>
          <Section title={words.settings} text={words.settingsText}>
            <SettingsForm key={destination.id} destination={destination} />
          </Section>
          <Section title={words.preview} text={words.previewText}>
            <RequestPreview id={destination.id} />
          </Section>
          <Trial destination={destination} />
          <Secret destination={destination} />
          <Section title={words.portal} text={words.portalText}>
            <PortalLinks id={destination.id} />
          </Section>
          <End
            destination={destination}
            onChanged={() => setWasResumed(destination.status === "disabled")}
          />
        </>
      )}
    </div>
  );
}

function Trial({ destination }: { destination: DestinationResource }) {
  const zone = useZone();
  const trial = useTrial(destination.id);
  return (
    <Section title={words.test} text={words.testText}>
      <div className="space-y-3">
        <Button icon="send" disabled={trial.isPending} onClick={() => trial.mutate()}>
          {trial.isPending ? t.destinations.testing : t.destinations.test}
        </Button>
        {trial.error && <ProblemPanel error={trial.error} />}
        {trial.data && (
          <>
            <TrialOutcome attempt={trial.data} />
            <AttemptList attempts={[trial.data]} zone={zone} url={destination.url} />
          </>
        )}
      </div>
    </Section>
  );
}

function Secret({ destination }: { destination: DestinationResource }) {
  const [made, setMade] = useState<DestinationWithSecret | null>(null);
  const rotate = useMutation({
    mutationFn: (input?: RotateDestinationSecret) =>
      hub.destinations.rotateSecret(destination.id, input),
    onSuccess: setMade,
  });
  const overlaps = rotate.error instanceof ApiError && rotate.error.code === "E_SECRET_OVERLAP";
  return (
    <Section title={words.secret} text={words.secretText}>
      <div className="space-y-5">
        <ConfirmButton
          icon="key"
          label={t.destinations.rotate}
          question={t.destinations.rotateConfirm}
          disabled={rotate.isPending}
          onConfirm={() => rotate.mutate(undefined)}
        />
        {rotate.error && <ProblemPanel error={rotate.error} />}
        {overlaps && (
          <ConfirmButton
            icon="key"
            weight="danger"
            label={t.destinations.rotateAgain}
            question={t.destinations.rotateAgainConfirm}
            disabled={rotate.isPending}
            onConfirm={() => rotate.mutate({ end_overlap: true })}
          />
        )}
        <VerifyChoice />
      </div>
      {made && <SecretDialog destination={made} onClose={() => setMade(null)} />}
    </Section>
  );
}

interface EndProps {
  destination: DestinationResource;
  /** It was paused or resumed. */
  onChanged: () => void;
}

function End({ destination, onChanged }: EndProps) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () => hub.destinations.remove(destination.id),
    onSuccess: async () => {
      await navigate({ to: "/destinations" });
      queries.removeQueries({ queryKey: destinationQuery(destination.id).queryKey });
      await queries.invalidateQueries({ queryKey: ["destinations"] });
    },
  });
  return (
    <Section title={words.end[destination.status]} text={words.endText[destination.status]}>
      <div className="flex flex-wrap gap-2">
        <PauseButton destination={destination} onDone={onChanged} />
        {destination.origin === "user" && (
          <ConfirmButton
            icon="cross"
            weight="danger"
            label={t.destinations.remove}
            question={t.destinations.removeConfirm}
            disabled={remove.isPending}
            onConfirm={() => remove.mutate()}
          />
        )}
      </div>
      {remove.error && <ProblemPanel error={remove.error} />}
    </Section>
  );
}
