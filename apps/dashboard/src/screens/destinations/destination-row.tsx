import type {
  DeliveryAttemptResource,
  DestinationResource,
  DestinationWithSecret,
} from "@slotwire/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { hub } from "../../api/hub.ts";
import { destinationsQuery } from "../../api/queries.ts";
import { t } from "../../messages/messages.ts";
import { Button, LinkButton } from "../../parts/button.tsx";
import { Chip, type Look } from "../../parts/chip.tsx";
import { ConfirmButton } from "../../parts/confirm-button.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { useMay } from "../../session/use-may.ts";
import { answerWords } from "../deliveries/answer-words.ts";

const looks: Readonly<Record<DestinationResource["status"], Look>> = {
  active: { tone: "ok", icon: "check" },
  paused: { tone: "warn", icon: "pause" },
  disabled: { tone: "bad", icon: "barred" },
};

interface DestinationRowProps {
  destination: DestinationResource;
  onSecret: (destination: DestinationWithSecret) => void;
}

/** One destination, its state, and what can be done with it. */
export function DestinationRow({ destination, onSecret }: DestinationRowProps) {
  return (
    <li className="space-y-3 px-4 py-4 sm:px-5">
      <div className="min-w-0">
        <h2 className="flex flex-wrap items-center gap-2 font-semibold">
          {destination.name}
          <Chip look={looks[destination.status]}>{t.destinations.status[destination.status]}</Chip>
        </h2>
        <p className="mt-1 font-mono text-[0.8125rem] [overflow-wrap:anywhere] text-muted">
          {destination.url}
        </p>
        <p className="mt-1 text-sm text-muted">
          {[
            t.destinations.profiles[destination.profile],
            t.destinations.eventsSummary(destination.event_types),
            t.destinations.orderings[destination.ordering],
            t.destinations.origin[destination.origin],
          ]
            .filter((words) => words !== "")
            .join(" · ")}
        </p>
        {destination.disabled_reason && (
          <p className="mt-1 text-sm text-bad">{destination.disabled_reason}</p>
        )}
      </div>
      <Actions destination={destination} onSecret={onSecret} />
    </li>
  );
}

function Actions({ destination, onSecret }: DestinationRowProps) {
  const queries = useQueryClient();
  const onSettled = () => queries.invalidateQueries({ queryKey: destinationsQuery.queryKey });
  const mayManage = useMay()("destinations:manage");
  const isActive = destination.status === "active";
  const change = useMutation({
    mutationFn: () =>
      isActive ? hub.destinations.pause(destination.id) : hub.destinations.resume(destination.id),
    onSettled,
  });
  const rotate = useMutation({
    mutationFn: () => hub.destinations.rotateSecret(destination.id),
    onSuccess: onSecret,
    onSettled,
  });
  const remove = useMutation({
    mutationFn: () => hub.destinations.remove(destination.id),
    onSettled,
  });
  const test = useMutation({ mutationFn: () => hub.destinations.test(destination.id) });
  const error = change.error ?? rotate.error ?? remove.error ?? test.error;
  return (
    <>
      <div className="flex flex-wrap gap-2">
        {mayManage && (
          <>
            <Button
              icon={isActive ? "pause" : "play"}
              disabled={change.isPending}
              onClick={() => change.mutate()}
            >
              {isActive ? t.destinations.pause : t.destinations.resume}
            </Button>
            <ConfirmButton
              icon="key"
              label={t.destinations.rotate}
              question={t.destinations.rotateConfirm}
              disabled={rotate.isPending}
              onConfirm={() => rotate.mutate()}
            />
            <Button icon="send" disabled={test.isPending} onClick={() => test.mutate()}>
              {test.isPending ? t.destinations.testing : t.destinations.test}
            </Button>
            {destination.origin === "user" && (
              <ConfirmButton
                icon="cross"
                label={t.destinations.remove}
                question={t.destinations.removeConfirm}
                disabled={remove.isPending}
                onConfirm={() => remove.mutate()}
              />
            )}
          </>
        )}
        <LinkButton weight="ghost" to="/deliveries" search={{ destination: destination.id }}>
          {t.destinations.deliveriesOf}
        </LinkButton>
      </div>
      {test.data && <TestOutcome attempt={test.data} />}
      {error && <ProblemPanel error={error} />}
    </>
  );
}

function TestOutcome({ attempt }: { attempt: DeliveryAttemptResource }) {
  const code = attempt.status_code;
  const arrived = code !== null && code >= 200 && code < 300;
  const reason = answerWords(code, attempt.error_class) ?? t.deliveries.noResponse;
  return (
    <output className={`block text-sm ${arrived ? "text-ok" : "text-bad"}`}>
      {arrived
        ? t.destinations.testArrived(code, t.deliveries.took(attempt.total_ms))
        : t.destinations.testFailed(reason)}
    </output>
  );
}
