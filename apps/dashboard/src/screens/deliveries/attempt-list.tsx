import type { DeliveryAttemptResource } from "@slotwire/contract";
import { t } from "../../messages/messages.ts";
import { outbound } from "../../messages/outbound.ts";
import { Icon } from "../../parts/icon.tsx";
import { formatShortDateTimeWithSeconds } from "../../time/format-time.ts";
import { answerWords } from "./answer-words.ts";
import { asCurl } from "./as-curl.ts";
import { CopyButton } from "../../parts/copy-button.tsx";
import { Exchange } from "./exchange.tsx";
import { TimingBar } from "./timing-bar.tsx";

const words = outbound.attempt;

interface AttemptListProps {
  attempts: readonly DeliveryAttemptResource[];
  /** IANA zone of the times. */
  zone: string;
  /** The destination's address; null when the reader may not see it. */
  url: string | null;
  /** Whose attempts they are; absent for a trial, which is nobody's. */
  deliveryId?: string;
  /** What is said when there is none; by default that none was made yet. */
  none?: string | undefined;
}

/** Every attempt at a delivery as a line through time, the latest opened. */
export function AttemptList({
  attempts,
  zone,
  url,
  deliveryId,
  none = t.deliveries.noAttempts,
}: AttemptListProps) {
  return (
    <div>
      <h3 className="eyebrow mb-2">{t.deliveries.attempts}</h3>
      {attempts.length === 0 && <p className="text-sm text-muted">{none}</p>}
      <ol>
        {attempts.map((attempt, index) => (
          <Attempt
            key={attempt.no}
            attempt={attempt}
            zone={zone}
            url={url}
            deliveryId={deliveryId}
            isLast={index === attempts.length - 1}
          />
        ))}
      </ol>
    </div>
  );
}

interface AttemptProps {
  attempt: DeliveryAttemptResource;
  zone: string;
  url: string | null;
  deliveryId: string | undefined;
  isLast: boolean;
}

function Attempt({ attempt, zone, url, deliveryId, isLast }: AttemptProps) {
  const isFine = attempt.error_class === null;
  const { request_headers: headers, request_body: body } = attempt;
  return (
    <li className="relative flex gap-3 pb-4 last:pb-0">
      {!isLast && (
        <span
          aria-hidden="true"
          className="absolute top-6 bottom-0 left-[0.6875rem] w-px bg-line"
        />
      )}
      <span
        aria-hidden="true"
        className={`grid size-6 shrink-0 place-items-center rounded-full ${isFine ? "bg-ok-soft text-ok" : "bg-bad-soft text-bad"}`}
      >
        <Icon name={isFine ? "check" : "cross"} className="size-3.5" />
      </span>
      <div className="min-w-0 flex-1 space-y-2 pt-0.5">
        <p className="flex flex-wrap items-baseline gap-x-2.5 text-sm">
          <span className="font-medium">{t.deliveries.attempt(attempt.no)}</span>
          <span className={isFine ? "text-ok" : "text-bad"}>
            {answerWords(attempt.status_code, attempt.error_class) ?? t.deliveries.noResponse}
          </span>
          <span className="text-muted">{t.deliveries.took(attempt.total_ms)}</span>
          <span className="ml-auto text-muted">
            {formatShortDateTimeWithSeconds(attempt.at, zone)}
          </span>
        </p>
        <WhatToDo attempt={attempt} />
        <TimingBar attempt={attempt} />
        <Company attempt={attempt} deliveryId={deliveryId} />
        <Exchange
          title={words.response}
          headers={attempt.response_headers}
          body={attempt.response_body}
          isOpen={isLast}
        />
        <Exchange title={words.request} headers={headers} body={body} isOpen={isLast} />
        {body !== null && <CopyButton label={words.curl} text={asCurl(attempt, url)} />}
      </div>
    </li>
  );
}

/** That a request carried other events as well. */
function Company({ attempt, deliveryId }: Pick<AttemptProps, "attempt" | "deliveryId">) {
  const ids = attempt.batch_delivery_ids;
  if (ids === null || ids.length < 2) return null;
  const place = deliveryId === undefined ? 0 : ids.indexOf(deliveryId) + 1;
  return (
    <p className="text-sm text-muted">
      {words.batch(ids.length, place)} {attempt.request_body === null && words.batchGone}
    </p>
  );
}

function WhatToDo({ attempt: { error_class: errorClass, error } }: Pick<AttemptProps, "attempt">) {
  if (errorClass === null) return null;
  const { what, todo } = outbound.errors[errorClass] ?? outbound.unknownError;
  return (
    <div className="rounded-lg bg-bad-soft px-3 py-2 text-sm">
      <p className="font-medium text-bad">{what}</p>
      <p>{todo}</p>
      {error && <p className="mt-1 font-mono text-xs wrap-anywhere text-muted">{error}</p>}
    </div>
  );
}
