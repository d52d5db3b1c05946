import type { DeliveryResource } from "@slotwire/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { hub } from "../../api/hub.ts";
import type { DeliveriesSearch } from "../../api/search.ts";
import { t } from "../../messages/messages.ts";
import { outbound } from "../../messages/outbound.ts";
import { Button } from "../../parts/button.tsx";
import { ConfirmButton } from "../../parts/confirm-button.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { wasStoppedUntried } from "./stop-words.ts";

const words = outbound.detail;

/** Sends a delivery again, as itself or as one of its own, where the hub would do so. */
export function DeliveryActions(props: { delivery: DeliveryResource; search: DeliveriesSearch }) {
  const { delivery, search } = props;
  const queries = useQueryClient();
  const navigate = useNavigate();
  const onSettled = () => queries.invalidateQueries({ queryKey: ["deliveries"] });
  const retry = useMutation({ mutationFn: () => hub.deliveries.retry(delivery.id), onSettled });
  const anew = useMutation({
    mutationFn: () => hub.deliveries.replay(delivery.id),
    onSuccess: ({ id: deliveryId }) =>
      void navigate({ to: "/deliveries/$deliveryId", params: { deliveryId }, search }),
    onSettled,
  });
  const error = retry.error ?? anew.error;
  const isUntried = wasStoppedUntried(delivery);
  const isHeldBack = delivery.status === "skipped" && !isUntried;
  return (
    <div className="space-y-2">
      <div className="flex flex-wrap gap-2 empty:hidden">
        {delivery.can_retry && !isHeldBack && (
          <Button icon="retry" disabled={retry.isPending} onClick={() => retry.mutate()}>
            {retry.isPending
              ? t.deliveries.retrying
              : isUntried
                ? words.sendNow
                : t.deliveries.retry}
          </Button>
        )}
        {delivery.can_retry && isHeldBack && (
          <ConfirmButton
            icon="retry"
            label={retry.isPending ? t.deliveries.retrying : words.retrySkipped}
            question={words.retrySkippedQuestion}
            disabled={retry.isPending}
            onConfirm={() => retry.mutate()}
          />
        )}
        {delivery.can_replay && !isUntried && delivery.status !== "sending" && (
          <ConfirmButton
            icon="send"
            label={anew.isPending ? words.sendingAnew : words.anew}
            question={words.anewQuestion}
            disabled={anew.isPending}
            onConfirm={() => anew.mutate()}
          />
        )}
      </div>
      <WhyNone delivery={delivery} />
      {retry.isSuccess && delivery.status !== "delivered" && (
        <output className="block text-sm">
          {delivery.status === "skipped" ? words.skippedAgain : t.deliveries.retried}
        </output>
      )}
      {error && <ProblemPanel error={error} />}
    </div>
  );
}

/** Why nothing can be done, and what has to be done first. */
function WhyNone({ delivery }: { delivery: DeliveryResource }) {
  const { destination_status: state, destination_id: destinationId } = delivery;
  if (state !== "disabled" && state !== "deleted") return null;
  return (
    <p className="text-sm text-muted">
      {words.cannot[state]}{" "}
      {state === "disabled" && (
        <Link
          to="/destinations/$destinationId"
          params={{ destinationId }}
          className="font-medium text-accent hover:underline"
        >
          {words.cannotLink}
        </Link>
      )}
    </p>
  );
}
