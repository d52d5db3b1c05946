/** What somebody may build with the hooks that change something. */
import type { BookingResource } from "@slotwire/contract";
import { type ReactElement, useState } from "react";
import { useBooking, useMarkTaskComplete, useReschedule } from "../src/index.ts";

interface MoveExampleProps {
  readonly bookingId: string;
  readonly startsAt: string;
  readonly endsAt: string;
  /** Moves the booking as it was when the page was opened, whatever has become of it. */
  readonly stale?: boolean;
}

/** A button that moves a booking to one time, and what comes of it. */
export function MoveExample(props: MoveExampleProps): ReactElement {
  const { bookingId, startsAt, endsAt, stale = false } = props;
  const { booking } = useBooking(bookingId);
  const [first, setFirst] = useState<BookingResource | null>(null);
  const { reschedule, undo, forget, moves } = useReschedule();
  const move = moves.get(bookingId);
  if (booking !== null && first === null) setFirst(booking);
  const from = stale ? first : booking;
  const times = { starts_at: startsAt, ends_at: endsAt };
  return (
    <>
      <p>{`at ${move?.state === "sending" ? move.starts_at : booking?.starts_at}`}</p>
      <button
        type="button"
        disabled={from === null}
        onClick={() => from && void reschedule(from, times)}
      >
        Move
      </button>
      <button
        type="button"
        disabled={from === null}
        // By functions of one and the same rendering, as a message with "Undo" on it has them.
        onClick={() => from && void reschedule(from, times).then(() => undo(bookingId))}
      >
        There and back
      </button>
      <output>
        {move === undefined ? "no move" : `${move.state}: ${move.reason}, ${move.isConflict}`}
      </output>
      {move?.canUndo === true && (
        <button type="button" onClick={() => void undo(bookingId)}>
          Take back
        </button>
      )}
      <button type="button" onClick={() => forget(bookingId)}>
        Forget
      </button>
    </>
  );
}

/** A task that can be ticked off and opened again. */
export function TaskExample({ taskId }: { readonly taskId: string }): ReactElement {
  const [clicks, setClicks] = useState(0);
  /** How often a button had been pressed when the hub answered last. */
  const [saves, setSaves] = useState(0);
  const { markTaskComplete, undo, marks } = useMarkTaskComplete({
    onSaved: () => setSaves(clicks),
  });
  const press = (act: (id: string) => Promise<void>) => () => {
    setClicks(clicks + 1);
    void act(taskId);
  };
  const mark = marks.get(taskId);
  return (
    <>
      <button type="button" onClick={press(markTaskComplete)}>
        Complete
      </button>
      <button type="button" onClick={press(undo)}>
        Undo
      </button>
      <output>
        {mark === undefined
          ? "no mark"
          : `${mark.isComplete ? "complete" : "open"} ${mark.isSaving ? "saving" : "saved"} ${saves} ${mark.reason}`}
      </output>
    </>
  );
}
