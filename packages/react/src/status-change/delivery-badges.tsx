"use client";

import type { SlotwireClient } from "@slotwire/client";
import type { DeliveryResource, DeliveryStatus } from "@slotwire/contract";
import type { ReactElement } from "react";
import type { change } from "../messages/en.ts";
import { ProblemNote } from "../parts/problem-note.tsx";
import { Chip } from "../parts/status-chip.tsx";
import { useSend } from "../use-send.ts";

type State = keyof typeof change.delivery;

/** What each state means for who waits; null for what nobody is told of. */
const states: Readonly<Record<DeliveryStatus, State | null>> = {
  pending: "pending",
  sending: "pending",
  retrying: "failing",
  delivered: "delivered",
  exhausted: "failing",
  cancelled: null,
  skipped: null,
};
const looks = { pending: ["warn", "◷"], delivered: ["ok", "✓"], failing: ["bad", "!"] } as const;

/** Whether it is on its way. */
export const isUnderWay = ({ status }: DeliveryResource): boolean =>
  status === "retrying" || states[status] === "pending";

/** How far each destination, an external calendar above all, has been told of the booking's last change. */
export function DeliveryBadges({
  deliveries,
  client,
  words,
  onRetried,
}: {
  readonly deliveries: readonly DeliveryResource[];
  readonly client: SlotwireClient;
  readonly words: typeof change;
  readonly onRetried: () => void;
}): ReactElement | null {
  const { error, send } = useSend();
  const shown = deliveries.flatMap((delivery) => {
    const state = states[delivery.status];
    return state === null ? [] : [{ delivery, state }];
  });
  if (shown.length === 0) return null;
  return (
    <div className="sw-stack">
      <ul className="sw-change-told" aria-label={words.deliveries}>
        {shown.map(({ delivery: { id, destination_name: name }, state }) => (
          <li key={id}>
            <Chip tone={looks[state][0]} icon={looks[state][1]}>
              {`${name}: ${words.delivery[state]}`}
            </Chip>
            {state === "failing" && (
              <button
                type="button"
                className="sw-button"
                aria-label={words.retryOf(name)}
                onClick={() => void send(() => client.deliveries.retry(id).finally(onRetried))}
              >
                {words.retry}
              </button>
            )}
          </li>
        ))}
      </ul>
      {error !== null && <ProblemNote title={words.notDone} error={error} />}
    </div>
  );
}
