import type { DeliveryResource } from "@slotwire/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { hub } from "../../api/hub.ts";
import type { DeliveriesSearch } from "../../api/search.ts";
import { t } from "../../messages/messages.ts";
import { outbound } from "../../messages/outbound.ts";
import { Button } from "../../parts/button.tsx";
import { ConfirmButton } from "../../parts/confirm-button.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";

const words = outbound.detail;

/** The hub refuses to repeat what has arrived or is on its way … */
const retryable: readonly DeliveryResource["status"][] = ["retrying", "exhausted", "cancelled"];
/** … and to send anew what is still open. */
const finished: readonly DeliveryResource["status"][] = [
  "delivered",
  "exhausted",
  "skipped",
  "cancelled",
];

/** Sends a delivery again, as itself or as one of its own. */
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
  return (
    <div className="space-y-2">
      <div className="flex flex-wrap gap-2">
        {retryable.includes(delivery.status) && (
          <Button icon="retry" disabled={retry.isPending} onClick={() => retry.mutate()}>
            {retry.isPending ? t.deliveries.retrying : t.deliveries.retry}
          </Button>
        )}
        {delivery.status === "skipped" && (
          <ConfirmButton
            icon="retry"
            label={retry.isPending ? t.deliveries.retrying : words.retrySkipped}
            question={words.retrySkippedQuestion}
            disabled={retry.isPending}
            onConfirm={() => retry.mutate()}
          />
        )}
        {finished.includes(delivery.status) && (
          <ConfirmButton
            icon="send"
            label={anew.isPending ? words.sendingAnew : words.anew}
            question={words.anewQuestion}
            disabled={anew.isPending}
            onConfirm={() => anew.mutate()}
          />
        )}
      </div>
      {retry.isSuccess && delivery.status !== "delivered" && (
        <output className="block text-sm">
          {delivery.status === "skipped" ? words.skippedAgain : t.deliveries.retried}
        </output>
      )}
      {error && <ProblemPanel error={error} />}
    </div>
  );
}
