"use client";

import type { ChangedBooking, SlotwireClient } from "@slotwire/client";
import type { BookingResource } from "@slotwire/contract";
import { type ReactElement, type SyntheticEvent, useState } from "react";
import type { dayBoard } from "../messages/en.ts";
import { common } from "../messages/en.ts";
import { Field } from "../parts/field.tsx";
import { isConflict } from "../parts/is-conflict.ts";
import { Modal } from "../parts/modal.tsx";
import { ProblemNote } from "../parts/problem-note.tsx";
import { ZoneNote } from "../parts/zone-note.tsx";
import { dayOf, formatTime } from "../time/format-time.ts";
import { clockOf, instantOf } from "../time/zoned-time.ts";
import { useHubData } from "../use-hub-data.ts";
import { useSend } from "../use-send.ts";
import { useLocale, useWords } from "../use-words.ts";
import { nameOf } from "./name-of.ts";

interface MoveDialogProps {
  readonly booking: BookingResource;
  readonly client: SlotwireClient;
  readonly zone: string;
  readonly words: typeof dayBoard;
  readonly onMoved: (changed: ChangedBooking) => void;
  /** The booking is not as it is shown: it has to be read again. */
  readonly onConflict: () => void;
  readonly onClose: () => void;
}

/** Where a booking is moved to: a day and a time; it stays as long as it is. */
export function MoveDialog(props: MoveDialogProps): ReactElement {
  const { booking, client, words, onClose } = props;
  const { loading } = useWords("common", common);
  const offer = useHubData({
    client,
    key: booking.id,
    ask: () => client.bookings.actions(booking.id),
    concerns: ({ booking_id: id }) => id === booking.id,
  });
  const may = offer.data?.actions.includes("reschedule");
  return (
    <Modal
      name="sw-day-dialog"
      title={words.moveOf(nameOf(booking) || words.untitled)}
      onClose={onClose}
    >
      {may === true && <MoveForm {...props} />}
      {may === false && <p className="sw-note">{words.cannot}</p>}
      {may === undefined && offer.error === null && <output className="sw-note">{loading}</output>}
      {offer.error !== null && (
        <ProblemNote title={words.notMoved} error={offer.error} onRetry={offer.reload} />
      )}
    </Modal>
  );
}

function MoveForm({
  booking,
  client,
  zone,
  words,
  onMoved,
  onConflict,
  onClose,
}: MoveDialogProps): ReactElement {
  /** The version that was looked at. */
  const [seen] = useState(booking.version);
  const locale = useLocale();
  const [day, setDay] = useState(dayOf(booking.starts_at, zone));
  const [time, setTime] = useState(clockOf(booking.starts_at, zone));
  const [reason, setReason] = useState("");
  const { isSending, error, send } = useSend();
  const times = timesFrom(booking, instantOf(day, time, zone));
  const where =
    booking.version === seen ? "" : formatTime("dateTime", booking.starts_at, locale, zone);
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (times === null) return;
    const because = reason.trim() === "" ? {} : { reason: reason.trim() };
    const { id, version } = booking;
    // After a conflict, the one that it told of.
    const ifVersion = isConflict(error) ? version : seen;
    void send(async () => {
      try {
        onMoved(await client.bookings.reschedule(id, { ...times, ...because }, { ifVersion }));
      } catch (failure) {
        if (isConflict(failure)) onConflict();
        throw failure;
      }
    });
  };
  return (
    <form className="sw-stack" aria-busy={isSending} onSubmit={submit}>
      <div className="sw-day-when">
        <Field
          label={words.day}
          type="date"
          required
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- browsers do so with dialogs, but when this one opens the field is not there yet
          autoFocus
          value={day}
          onValue={setDay}
        />
        <Field label={words.start} type="time" required value={time} onValue={setTime} />
      </div>
      <p className="sw-muted" aria-live="polite">
        {times === null ? words.noTime : words.until(clockOf(times.ends_at, zone))}{" "}
        <ZoneNote zone={zone} />
      </p>
      <Field label={words.reason} rows={2} maxLength={500} value={reason} onValue={setReason} />
      {error !== null && (
        <ProblemNote
          title={words.notMoved}
          error={error}
          why={isConflict(error) ? `${words.conflict} ${where}` : undefined}
        />
      )}
      <div className="sw-buttons">
        <button type="button" className="sw-button" onClick={onClose}>
          {words.keep}
        </button>
        <button
          type="submit"
          className="sw-button sw-primary"
          aria-disabled={times === null || isSending}
        >
          {isSending ? words.moving : words.moveNow}
        </button>
      </div>
    </form>
  );
}

function timesFrom(
  booking: BookingResource,
  startsAt: string | null,
): { starts_at: string; ends_at: string } | null {
  if (startsAt === null) return null;
  const length = Date.parse(booking.ends_at) - Date.parse(booking.starts_at);
  return { starts_at: startsAt, ends_at: new Date(Date.parse(startsAt) + length).toISOString() };
}
