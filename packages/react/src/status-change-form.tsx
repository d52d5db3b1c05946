"use client";

import type { ChangedBooking, SlotwireClient } from "@slotwire/client";
import type { BookingActions, BookingResource, BookingStatus } from "@slotwire/contract";
import { type ReactElement, useId, useState } from "react";
import { change, common as english, statuses } from "./messages/en.ts";
import { Field } from "./parts/field.tsx";
import { isConflict } from "./parts/is-conflict.ts";
import { Panel, type PanelLook } from "./parts/panel.tsx";
import { commandWords } from "./parts/problem-words.ts";
import { ProblemNote } from "./parts/problem-note.tsx";
import { placeOf, StatusChip } from "./parts/status-chip.tsx";
import { DeliveryBadges, isUnderWay } from "./status-change/delivery-badges.tsx";
import { PendingCommand } from "./status-change/pending-command.tsx";
import { isOpen } from "./status-change/is-open.ts";
import { readStatusChange, type StatusChange } from "./status-change/read-status-change.ts";
import { formatTime } from "./time/format-time.ts";
import { type HubDataOptions, useHubData } from "./use-hub-data.ts";
import { useSend } from "./use-send.ts";
import { useSlotwireClient } from "./use-slotwire-client.ts";
import { type Labels, useLocale, useWords } from "./use-words.ts";

export interface StatusChangeFormProps extends HubDataOptions, PanelLook {
  readonly bookingId: string;
  /** What a server has read already. */
  readonly initialData?: StatusChange;
  /** Told of each change that was made, or that the booking's source was asked for. */
  readonly onChanged?: (changed: ChangedBooking) => void;
  readonly labels?: Labels<"change">;
}

/** While something is on its way it is looked for this often, in milliseconds. */
const OFTEN = 3_000;
const SOMETIMES = 5_000;
const SELDOM = 300_000;

/**
 * Changes the status of a booking, here or by asking the source that owns it, and shows how far its
 * destinations have been told. Styled by `status-change-form.css`.
 */
export function StatusChangeForm({
  bookingId,
  initialData,
  onChanged,
  labels,
  refreshKey,
  ...props
}: StatusChangeFormProps): ReactElement {
  const client = useSlotwireClient(props.client);
  const locale = useLocale();
  const words = useWords("change", change, labels);
  const found = useHubData({
    client,
    key: bookingId,
    ask: () => readStatusChange(client, bookingId),
    initialData,
    refreshKey,
    concerns: (event) => event.booking_id === bookingId.toLowerCase(),
    every: ({ command, deliveries }) => {
      if (command !== null && isOpen(command)) return OFTEN;
      return deliveries.some(isUnderWay) ? SOMETIMES : SELDOM;
    },
  });
  const { reload } = found;
  return (
    <Panel look={props} name="sw-change" title={words.title} failed={words.failed} from={found}>
      {(data, zone) => (
        <>
          <p className="sw-change-booking">
            <StatusChip status={data.booking.status} />{" "}
            <span className="sw-muted">
              {words.number(`#${data.booking.booking_number}`)} ·{" "}
              <time dateTime={data.booking.starts_at} title={zone ?? data.booking.time_zone}>
                {formatTime("full", data.booking.starts_at, locale, zone ?? data.booking.time_zone)}
              </time>
            </span>
          </p>
          <Moves
            key={bookingId}
            data={data}
            client={client}
            words={words}
            onChanged={onChanged}
            reload={reload}
          />
          <DeliveryBadges
            deliveries={data.deliveries}
            client={client}
            words={words}
            onRetried={reload}
          />
        </>
      )}
    </Panel>
  );
}

type Words = typeof change;
type Step = BookingActions["statuses"][number];

/** Whether a step leads back: it has no name of its own. */
const isCorrection = (from: BookingStatus, to: BookingStatus): boolean =>
  placeOf(to) < placeOf(from) || placeOf(from) >= placeOf("completed");

/** Makes the step from the version that was looked at, or asks the source for it. */
function make(
  client: SlotwireClient,
  { id, version }: BookingResource,
  status: BookingStatus,
  text: string,
): Promise<ChangedBooking> {
  const reason = text.trim() === "" ? {} : { reason: text.trim() };
  const options = { ifVersion: version };
  return status === "cancelled"
    ? client.bookings.cancel(id, reason, options)
    : client.bookings.setStatus(id, { status, ...reason }, options);
}

interface MovesProps {
  readonly data: StatusChange;
  readonly client: SlotwireClient;
  readonly words: Words;
  readonly onChanged: ((changed: ChangedBooking) => void) | undefined;
  readonly reload: () => void;
}

function Moves({ data, client, words, onChanged, reload }: MovesProps): ReactElement {
  const { booking, actions, command } = data;
  /** What the last change led to; null while there is none. */
  const [saved, setSaved] = useState<BookingResource | null>(null);
  const { isSending, error, send } = useSend();
  const names = useWords("statuses", statuses);
  const onSend: OfferProps["onSend"] = (status, reason, onDone) => {
    setSaved(null);
    void send(async () => {
      const changed = await make(client, booking, status, reason).finally(reload);
      if (changed.command === null) setSaved(changed.booking);
      onDone();
      onChanged?.(changed);
    });
  };
  const isPending = command !== null && isOpen(command);
  return (
    <>
      {saved?.status === booking.status && booking.version >= saved.version && (
        <output className="sw-done">{words.done(names[booking.status])}</output>
      )}
      {error !== null && (
        <ProblemNote
          title={words.notDone}
          error={error}
          why={isConflict(error) ? words.conflict(names[booking.status]) : undefined}
        />
      )}
      {isPending ? (
        <PendingCommand command={command} client={client} words={words} onWithdrawn={reload} />
      ) : (
        <>
          <Refusal data={data} words={words} />
          <Offer
            from={booking.status}
            actions={actions}
            isSending={isSending}
            words={words}
            onSend={onSend}
          />
        </>
      )}
    </>
  );
}

/** Why the source did not do what it was asked for last, unless the booking has changed since. */
function Refusal({
  data: { booking, command },
  words,
}: Pick<MovesProps, "data" | "words">): ReactElement | null {
  const common = useWords("common", english);
  if (command?.status !== "refused" && command?.status !== "expired") return null;
  if (booking.updated_at > (command.settled_at ?? "")) return null;
  return (
    <ProblemNote
      title={words.refused(command.source_name)}
      error={null}
      why={commandWords(command, common)}
    />
  );
}

interface OfferProps {
  readonly from: BookingStatus;
  readonly actions: BookingActions | null;
  readonly isSending: boolean;
  readonly words: Words;
  readonly onSend: (status: BookingStatus, reason: string, onDone: () => void) => void;
}

function Offer({ from, actions, isSending, words, onSend }: OfferProps): ReactElement {
  const id = useId();
  const names = useWords("statuses", statuses);
  const [chosen, setChosen] = useState<BookingStatus | null>(null);
  const [reason, setReason] = useState("");
  const steps = stepsOf(from, actions);
  if (actions === null || steps.length === 0) {
    return <p className="sw-note">{whyNot(actions, words)}</p>;
  }
  const step = steps.find(({ status }) => status === chosen);
  const source = step?.by === "source" ? actions.source : null;
  return (
    <form
      className="sw-stack"
      aria-busy={isSending}
      onSubmit={(event) => {
        event.preventDefault();
        if (step === undefined || isSending) return;
        onSend(step.status, reason, () => {
          setReason("");
          setChosen(null);
        });
      }}
    >
      <fieldset className="sw-change-moves">
        <legend className="sw-strong">{words.choose}</legend>
        {steps.map(({ status }) => (
          <label key={status} className="sw-choice">
            <input
              type="radio"
              className="sw-check"
              name={id}
              required
              checked={step?.status === status}
              onChange={() => setChosen(status)}
            />
            {isCorrection(from, status) ? words.correct(names[status]) : words.moves[status]}
          </label>
        ))}
      </fieldset>
      <Field
        label={words.reason}
        hint={source === null ? words.reasonHint : words.reasonHintAt(source.name)}
        rows={2}
        maxLength={500}
        value={reason}
        onValue={setReason}
      />
      <button type="submit" className="sw-button sw-primary" aria-disabled={isSending}>
        {isSending ? words.sending : words.submit}
      </button>
      <p className="sw-muted" aria-live="polite">
        {source === null
          ? isNarrow(actions) && whyNot(actions, words)
          : words.atSource(source.name)}
      </p>
    </form>
  );
}

/** What is offered: on from here first, then back. */
function stepsOf(from: BookingStatus, actions: BookingActions | null): Step[] {
  const place = ({ status }: Step): number =>
    placeOf(status) + (isCorrection(from, status) ? 99 : 0);
  return actions?.statuses.toSorted((one, other) => place(one) - place(other)) ?? [];
}

/** Whether only the steps of the day are offered, as the source cannot be asked. */
const isNarrow = ({ source, write_back: back }: BookingActions): boolean =>
  source !== null && back !== "available";

/** Why nothing is offered, where people can do something about it. */
function whyNot(actions: BookingActions | null, words: Words): string {
  if (actions === null) return words.notAllowed;
  const { source, write_back: why } = actions;
  if (source === null || why === "hub" || why === "available") return words.nothing;
  if (why === "unsupported") return words.unsupported;
  return why === "paused" ? words.paused(source.name) : words.noKey(source.name);
}
