import { bookingEventTypes } from "@slotwire/contract";
import { useState } from "react";
import { t } from "../../messages/messages.ts";

/** Alerts are told to whoever asks for them by name. */
const offeredEvents = [...bookingEventTypes, "alert.opened", "alert.resolved"] as const;

/** Which events a destination hears of. */
export function EventChoice({ chosen = ["*"] }: { chosen?: readonly string[] }) {
  const [isEvery, setIsEvery] = useState(chosen.includes("*"));
  return (
    <fieldset>
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
      {!isEvery && (
        <div className="mt-2 grid gap-x-4 rounded-lg border border-line p-3 sm:grid-cols-2">
          {offeredEvents.map((type) => (
            <label key={type} className="flex min-h-8 items-center gap-2 text-sm">
              <input
                type="checkbox"
                name="event_types"
                value={type}
                defaultChecked={chosen.includes(type)}
                className="size-4 accent-accent"
              />
              {t.deliveries.eventTypes[type]}
            </label>
          ))}
        </div>
      )}
    </fieldset>
  );
}
