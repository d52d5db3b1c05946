import { bookingEventTypes, type DestinationResource } from "@slotwire/contract";
import { useId, useState } from "react";
import { t } from "../../messages/messages.ts";
import { alertTypes, asksFor, isOfAlerts } from "./event-types-in.ts";
import { abilities } from "./modes.ts";

interface EventChoiceProps {
  profile: DestinationResource["profile"];
  chosen?: readonly string[];
  /** What is wrong with the choice. */
  error?: string | undefined;
}

/** Which events a destination hears of. */
export function EventChoice({ profile, chosen = ["*"], error }: EventChoiceProps) {
  const [isEvery, setIsEvery] = useState(chosen.includes("*"));
  const noteId = useId();
  const speaksOfAlerts = abilities[profile].alerts || chosen.some(isOfAlerts);
  const ticks = { chosen, noteId: error === undefined ? undefined : noteId };
  return (
    <fieldset aria-describedby={ticks.noteId}>
      <legend className="mb-1 text-sm font-medium">{t.destinations.events}</legend>
      <div className="flex flex-wrap gap-x-5 gap-y-1">
        {[true, false].map((every) => (
          <label key={String(every)} className="flex min-h-8 items-center gap-2">
            <input
              type="radio"
              name="event_choice"
              value={every ? "every" : "some"}
              checked={isEvery === every}
              onChange={() => setIsEvery(every)}
              className="size-4 accent-accent"
            />
            {every ? t.destinations.everyEvent : t.destinations.someEvents}
          </label>
        ))}
      </div>
      {error !== undefined && (
        <p id={noteId} className="mt-1 text-xs text-bad">
          {error}
        </p>
      )}
      {!isEvery && <Ticks types={bookingEventTypes} {...ticks} />}
      {speaksOfAlerts && (
        <>
          <p className="mt-3 text-sm">{t.destinations.alerts}</p>
          <Ticks types={alertTypes} {...ticks} />
        </>
      )}
    </fieldset>
  );
}

interface TicksProps {
  types: readonly string[];
  chosen: readonly string[];
  /** Of the text that says what is wrong; undefined when nothing is. */
  noteId: string | undefined;
}

function Ticks({ types, chosen, noteId }: TicksProps) {
  return (
    <div className="mt-2 grid gap-x-4 rounded-lg border border-line p-3 sm:grid-cols-2">
      {types.map((type) => (
        <label key={type} className="flex min-h-8 items-center gap-2 text-sm">
          <input
            type="checkbox"
            name="event_types"
            value={type}
            defaultChecked={asksFor(chosen, type)}
            aria-invalid={noteId === undefined ? undefined : true}
            aria-describedby={noteId}
            className="size-4 accent-accent"
          />
          {t.deliveries.eventTypes[type]}
        </label>
      ))}
    </div>
  );
}
