"use client";

import type { SlotwireClient } from "@slotwire/client";
import type { BookingResource } from "@slotwire/contract";
import { type ReactElement, useState } from "react";
import type { BoardView } from "./day-board/day-card.tsx";
import { DayColumns } from "./day-board/day-columns.tsx";
import { isStanding } from "./day-board/lay-out-day.ts";
import { MoveDialog } from "./day-board/move-dialog.tsx";
import { type DayBookings, readCommands } from "./day-board/read-commands.ts";
import { dayBoard } from "./messages/en.ts";
import { Panel, type PanelLook } from "./parts/panel.tsx";
import { isOpen } from "./status-change/is-open.ts";
import { dayOf, formatTime } from "./time/format-time.ts";
import { useNow } from "./time/use-now.ts";
import { type HubDataOptions, useHubData } from "./use-hub-data.ts";
import { useOnChange } from "./use-on-change.ts";
import { useReloads } from "./use-reloads.ts";
import { useSlotwireClient } from "./use-slotwire-client.ts";
import { useToday } from "./use-today.ts";
import { type Labels, useLocale, useWords } from "./use-words.ts";

export interface DayBoardProps extends HubDataOptions, PanelLook {
  /** `YYYY-MM-DD` in the organisation's zone; today when absent. */
  readonly date?: string;
  /** Only visits at this place, in any case of letters. */
  readonly location?: string;
  /** Only those of one provider: their e-mail address, or the id of the member who it is. */
  readonly provider?: string;
  /** Told of a booking that is opened. Without it, opening one offers to move it. */
  readonly onOpen?: (booking: BookingResource) => void;
  /** What a server has read already. */
  readonly initialData?: DayBookings;
  readonly labels?: Labels<"dayBoard">;
}

/** While sources are asked by this board it is looked for this often, in milliseconds. */
const OFTEN = 3_000;
const SELDOM = 300_000;
/** Of so many that it asked for it remembers what became of them. */
const MOST_ASKED = 5;

/**
 * A day's bookings: a list by time where there is little room, and a column for each provider from 900
 * pixels on. Styled by `day-board.css`.
 */
export function DayBoard({
  date,
  location,
  provider,
  initialData,
  refreshKey,
  ...props
}: DayBoardProps): ReactElement {
  const client = useSlotwireClient(props.client);
  const words = useWords("dayBoard", dayBoard, props.labels);
  const now = useNow();
  const [asked, setAsked] = useState<readonly string[]>([]);
  const found = useToday({
    client,
    date,
    location,
    provider,
    initialBookings: initialData?.bookings,
  });
  const { bookings, failure, reload } = found;
  const commands = useHubData({
    client,
    key: "commands",
    ask: () => readCommands(client, asked),
    initialData: initialData?.commands,
    refreshKey: `${refreshKey} ${asked.at(-1)}`,
    concerns: () => true,
    every: (known) =>
      known.some((command) => isOpen(command) && asked.includes(command.id)) ? OFTEN : SELDOM,
  });
  const isEmptyHanded = found.isLoading || (failure !== null && bookings.length === 0);
  // Names of pets and customers are in no event: they are read when the page is looked at again.
  useReloads(client, reload, undefined);
  useOnChange(refreshKey, reload);
  const [first] = bookings;
  const zone = props.timeZone ?? found.timeZone ?? first?.time_zone ?? "UTC";
  const today = now === null || found.timeZone === null ? null : dayOf(now, found.timeZone);
  const day = found.date ?? (first && dayOf(first.starts_at, zone));
  const locale = useLocale();
  return (
    <Panel
      look={props}
      name="sw-day"
      title={formatTime("day", `${day}T12:00:00Z`, locale, "UTC") || words.day}
      failed={words.failed}
      from={{
        lostAt: commands.lostAt,
        data: isEmptyHanded ? undefined : { bookings, commands: commands.data ?? [] },
        error: failure,
        reload: found.retry,
      }}
    >
      {(data) => (
        <Board
          {...data}
          now={day !== undefined && day === today ? now : null}
          view={{ words, locale, zone }}
          client={client}
          onOpen={props.onOpen}
          onAsked={(id) => setAsked([...asked, id].slice(-MOST_ASKED))}
          reload={() => {
            reload();
            commands.reload();
          }}
        />
      )}
    </Panel>
  );
}

interface BoardProps extends DayBookings {
  readonly now: number | null;
  readonly view: Pick<BoardView, "words" | "locale" | "zone">;
  readonly client: SlotwireClient;
  readonly onOpen: ((booking: BookingResource) => void) | undefined;
  /** Told of the command by which a source is asked. */
  readonly onAsked: (commandId: string) => void;
  readonly reload: () => void;
}

function Board({ bookings, commands, now, view, onOpen, ...board }: BoardProps): ReactElement {
  const { words, locale, zone } = view;
  const [showsCancelled, setShowsCancelled] = useState(false);
  const [moving, setMoving] = useState<BookingResource | null>(null);
  /** What was done last, and what had been refused by then. */
  const [said, setSaid] = useState("");
  const [past, setPast] = useState<readonly string[]>([]);
  const standing = bookings.filter(isStanding);
  const cancelled = bookings.length - standing.length;
  const unconfirmed = standing.filter(({ status }) => status === "pending").length;
  const shown = showsCancelled ? bookings : standing;
  const refusals = commands.filter((command) => !isOpen(command));
  const refused = refusals.find(({ id }) => !past.includes(id));
  const say = (text: string): void => {
    setSaid(text);
    setPast(refusals.map(({ id }) => id));
  };
  const move = (booking: BookingResource): void => {
    say("");
    setMoving(booking);
  };
  // It may have left the day meanwhile: the dialog says so when it is sent.
  const target = bookings.find(({ id }) => id === moving?.id) ?? moving;
  return (
    <>
      <p className="sw-day-figures">
        <span>{words.bookings(standing.length)}</span>
        {unconfirmed > 0 && <span data-tone="warn">{words.unconfirmed(unconfirmed)}</span>}
        {cancelled > 0 && (
          <button
            type="button"
            className="sw-button sw-plain"
            aria-pressed={showsCancelled}
            onClick={() => setShowsCancelled(!showsCancelled)}
          >
            {words.cancelled(cancelled)}: {showsCancelled ? words.hide : words.show}
          </button>
        )}
        <output>{refused === undefined ? said : words.refused(refused.source_name)}</output>
      </p>
      {shown.length === 0 ? (
        <p className="sw-note">{words.empty}</p>
      ) : (
        <DayColumns
          bookings={shown}
          commands={commands}
          now={now}
          view={{ ...view, onOpen: onOpen ?? move, onMove: move }}
        />
      )}
      {target && (
        <MoveDialog
          booking={target}
          client={board.client}
          zone={zone}
          words={words}
          onMoved={({ booking, command }) => {
            setMoving(null);
            if (command !== null) return board.onAsked(command.id);
            say(words.moved(formatTime("dateTime", booking.starts_at, locale, zone)));
            board.reload();
          }}
          onConflict={board.reload}
          onClose={() => setMoving(null)}
        />
      )}
    </>
  );
}
