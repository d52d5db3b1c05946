"use client";

import {
  type CalComCustomer,
  calComPrefill,
  type CalComPrefillOptions,
  type SlotwireClient,
} from "@slotwire/client";
import { type ReactElement, useEffect, useRef, useState } from "react";
import type { BookedVisit } from "./booked-visit.ts";
import { CalComInline } from "./cal-com-inline.tsx";
import type { CalComLabels } from "./cal-com-labels.ts";
import { calCom } from "./messages/en.ts";
import type { PetSelection } from "./pet-options.ts";
import { PetPicker } from "./pet-picker.tsx";
import { useSlotwireClient } from "./use-slotwire-client.ts";
import { useWords } from "./use-words.ts";

/** A booking that was made in the form, and for whom. */
export interface CalComBooking extends BookedVisit, PetSelection {}

export interface CalComEmbedWithPrefillProps extends Omit<
  CalComPrefillOptions,
  "customer" | "pet" | "notes"
> {
  /** Who can be chosen, with their pets. Left out, the hub is asked. */
  readonly customers?: readonly CalComCustomer[];
  /** The hub's; the nearest provider's when absent, else the default client. */
  readonly client?: SlotwireClient;
  /** What the form's notes say; pet and breed when absent, nothing when empty. */
  readonly notes?: string | ((selection: PetSelection) => string);
  /** Told once of each booking. Not of those made on the booking page itself. */
  readonly onBooked?: (booking: CalComBooking) => void;
  /** Told of each choice; of null when it is taken back. */
  readonly onSelect?: (selection: PetSelection | null) => void;
  /** Milliseconds after which a form that has not come is called slow; 15 seconds when absent. */
  readonly patience?: number;
  readonly labels?: Partial<CalComLabels>;
  readonly className?: string;
}

/**
 * Books a visit from inside an application: one chooses a pet, its owner is chosen with it, and
 * Cal.com's form comes up filled. It carries both ids in the booking's metadata, by which the hub
 * links the booking. Styled by `cal-com-embed-with-prefill.css`.
 */
export function CalComEmbedWithPrefill({
  customers,
  client,
  notes,
  onBooked,
  onSelect,
  patience = 15_000,
  labels: words,
  className = "",
  ...link
}: CalComEmbedWithPrefillProps): ReactElement {
  const hub = useSlotwireClient(client);
  const labels = useWords("calCom", calCom, words);
  const [selection, setSelection] = useState<PetSelection | null>(null);
  const [wasChanged, setWasChanged] = useState(false);
  const select = (chosen: PetSelection | null): void => {
    setSelection(chosen);
    setWasChanged(chosen === null);
    onSelect?.(chosen);
  };

  return (
    <section className={`sw-cal-com ${className}`.trim()}>
      {selection === null ? (
        <PetPicker
          customers={customers}
          client={hub}
          labels={labels}
          takesFocus={wasChanged}
          onSelect={select}
        />
      ) : (
        <>
          <Chosen selection={selection} labels={labels} onChange={() => select(null)} />
          <CalComInline
            prefill={calComPrefill({ ...link, ...selection, notes: notesFor(selection, notes) })}
            name={selection.pet?.name ?? selection.customer.name}
            patience={patience}
            labels={labels}
            onBooked={(visit) => onBooked?.({ ...visit, ...selection })}
          />
        </>
      )}
    </section>
  );
}

function Chosen({
  selection: { customer, pet },
  labels,
  onChange,
}: {
  readonly selection: PetSelection;
  readonly labels: CalComLabels;
  readonly onChange: () => void;
}): ReactElement {
  const button = useRef<HTMLButtonElement>(null);
  // The list that had the focus is gone.
  useEffect(() => button.current?.focus(), []);
  return (
    <p className="sw-cal-com-chosen">
      <span>
        {labels.bookingFor} <strong>{pet === null ? customer.name : nameWithBreed(pet)}</strong>
        {pet !== null && ` · ${customer.name}`}
      </span>
      <button ref={button} type="button" onClick={onChange}>
        {labels.change}
      </button>
    </p>
  );
}

function notesFor(selection: PetSelection, notes: CalComEmbedWithPrefillProps["notes"]): string {
  if (typeof notes === "function") return notes(selection);
  return notes ?? (selection.pet === null ? "" : nameWithBreed(selection.pet));
}

function nameWithBreed({ name, breed }: NonNullable<PetSelection["pet"]>): string {
  return breed == null || breed === "" ? name : `${name} (${breed})`;
}
