"use client";

import type { CalComCustomer, SlotwireClient } from "@slotwire/client";
import { type KeyboardEvent, type ReactElement, useEffect, useId, useRef, useState } from "react";
import type { CalComLabels } from "./cal-com-labels.ts";
import { keyOf, type PetSelection } from "./pet-options.ts";
import { type PetOptions, usePetOptions } from "./use-pet-options.ts";

/**
 * A search field over a list of pets with their owners. Arrow keys lead from the field into the
 * list, through it and back; Enter in the field chooses the only one that is left.
 */
export function PetPicker({
  customers,
  client,
  labels,
  takesFocus,
  onSelect,
}: {
  readonly customers: readonly CalComCustomer[] | undefined;
  readonly client: SlotwireClient;
  readonly labels: CalComLabels;
  readonly takesFocus: boolean;
  readonly onSelect: (selection: PetSelection) => void;
}): ReactElement {
  const [query, setQuery] = useState("");
  const found = usePetOptions(query, customers, client);
  const { options, state } = found;
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  useEffect(() => {
    if (takesFocus) input.current?.focus();
  }, [takesFocus]);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const [only, ...others] = options;
    const isLeft = only !== undefined && others.length === 0 && state === "ready";
    if (event.key !== "Enter" || !isLeft) return walk(event);
    // Else the same key presses whatever gets the focus next.
    event.preventDefault();
    onSelect(only);
  };

  return (
    <div className="sw-pets" aria-busy={state === "loading"}>
      <label className="sw-pets-label" htmlFor={id}>
        {labels.search}
      </label>
      <input
        ref={input}
        id={id}
        className="sw-pets-search"
        type="search"
        autoComplete="off"
        placeholder={labels.searchHint}
        value={query}
        onChange={(event) => setQuery(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {options.length > 0 && (
        <ul className="sw-pets-list" aria-label={labels.pets}>
          {options.map((option) => (
            <li key={keyOf(option)}>
              <button
                type="button"
                className="sw-pets-option"
                onKeyDown={walk}
                onClick={() => onSelect(option)}
              >
                <PetLine option={option} labels={labels} />
              </button>
            </li>
          ))}
        </ul>
      )}
      <PickerState found={found} query={query} labels={labels} />
    </div>
  );
}

/** Leads the focus up and down through field and list. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  const picker = event.currentTarget.closest(".sw-pets");
  const stops = [...(picker?.querySelectorAll<HTMLElement>("input, .sw-pets-option") ?? [])];
  event.preventDefault();
  stops[stops.indexOf(event.currentTarget) + step]?.focus();
}

function PetLine({
  option: { customer, pet },
  labels,
}: {
  readonly option: PetSelection;
  readonly labels: CalComLabels;
}): ReactElement {
  return (
    <>
      <strong>{pet?.name ?? customer.name}</strong>
      {pet?.breed != null && pet.breed !== "" && ` (${pet.breed})`}{" "}
      <span className="sw-pets-owner">{pet === null ? labels.noPet : customer.name}</span>
    </>
  );
}

/** What the list does not say itself. Read out when it changes. */
function PickerState({
  found: { options, state, hasMore, retry },
  query,
  labels,
}: {
  readonly found: PetOptions;
  readonly query: string;
  readonly labels: CalComLabels;
}): ReactElement {
  if (state === "failed") {
    return (
      <div className="sw-pets-problem" role="alert">
        {labels.petsFailed}{" "}
        <button type="button" onClick={retry}>
          {labels.retry}
        </button>
      </div>
    );
  }
  return <output className="sw-pets-state">{words()}</output>;

  function words(): string {
    if (state === "loading") return labels.loadingPets;
    if (options.length > 0) return hasMore ? labels.more : labels.found(options.length);
    return query.trim() === "" ? labels.nobody : labels.noMatch(query.trim());
  }
}
