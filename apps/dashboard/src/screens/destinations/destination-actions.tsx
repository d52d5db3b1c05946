import type { DeliveryAttemptResource, DestinationResource } from "@slotwire/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { hub } from "../../api/hub.ts";
import { t } from "../../messages/messages.ts";
import { Button } from "../../parts/button.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { answerWords } from "../deliveries/answer-words.ts";

interface PauseButtonProps {
  destination: DestinationResource;
  onDone?: () => void;
}

/** Holds a destination back, or lets it be sent to again. */
export function PauseButton({ destination, onDone }: PauseButtonProps) {
  const queries = useQueryClient();
  const isActive = destination.status === "active";
  const change = useMutation({
    mutationFn: () =>
      isActive ? hub.destinations.pause(destination.id) : hub.destinations.resume(destination.id),
    onSuccess: () => onDone?.(),
    onSettled: () => queries.invalidateQueries({ queryKey: ["destinations"] }),
  });
  return (
    <>
      <Button
        icon={isActive ? "pause" : "play"}
        disabled={change.isPending}
        onClick={() => change.mutate()}
      >
        {isActive ? t.destinations.pause : t.destinations.resume}
      </Button>
      {change.error && <ProblemPanel error={change.error} />}
    </>
  );
}

/** Sends a trial to a destination. */
export function useTrial(id: string) {
  return useMutation({ mutationFn: () => hub.destinations.test(id) });
}

/** How a trial ended, in a line. */
export function TrialOutcome({ attempt }: { attempt: DeliveryAttemptResource }) {
  const { status_code: code, error_class: errorClass } = attempt;
  const arrived = errorClass === null && code !== null;
  const reason = answerWords(code, errorClass) ?? t.deliveries.noResponse;
  return (
    <output className={`block text-sm ${arrived ? "text-ok" : "text-bad"}`}>
      {arrived
        ? t.destinations.testArrived(code, t.deliveries.took(attempt.total_ms))
        : t.destinations.testFailed(reason)}
    </output>
  );
}
