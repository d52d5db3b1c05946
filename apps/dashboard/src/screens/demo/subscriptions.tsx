import { useQuery } from "@tanstack/react-query";
import { useId, useRef, useState } from "react";
import { hub } from "../../api/hub.ts";
import { demo as words } from "../../messages/demo.ts";
import { Button, IconButton } from "../../parts/button.tsx";
import { Section } from "../../parts/section.tsx";
import { SelectField } from "../../parts/select-field.tsx";
import { useSession } from "../../session/use-session.ts";
import { membersQuery } from "../members/queries.ts";
import { type ActiveSubscription, type Choice, useSubscriptions } from "./use-subscriptions.ts";

const text = words.subscriptions;
/** So many at the most. */
const LIMIT = 10;

type Kind = Choice["kind"];
const kinds = Object.keys(text.kinds) as Kind[];

/** Follows single bookings, members and providers, and lists what is followed. */
export function Subscriptions() {
  const { active, count, subscribe, unsubscribeAll } = useSubscriptions();
  const rows = useRef<HTMLUListElement>(null);
  const countId = useId();
  const isFull = count >= LIMIT;
  // What is followed already is not followed twice: one is led to it.
  const follow = (choice: Choice): void => {
    const index = active.findIndex(({ kind, id }) => kind === choice.kind && id === choice.id);
    const row = rows.current?.children[index];
    if (row instanceof HTMLElement) row.focus();
    else if (!isFull) subscribe(choice);
  };
  return (
    <Section title={text.title} text={text.text}>
      <ChoiceForm onChoose={follow} isFull={isFull} whyId={countId} />
      <div className="mt-5 flex flex-wrap items-center justify-between gap-3">
        <p id={countId} className="text-sm text-muted">
          {text.active(count, LIMIT)} {isFull && text.full}
        </p>
        {active.length > 0 && (
          <Button icon="cross" onClick={unsubscribeAll}>
            {text.unsubscribeAll}
          </Button>
        )}
      </div>
      {active.length > 0 && (
        <ul
          ref={rows}
          aria-label={text.list}
          className="mt-2 divide-y divide-line border-t border-line"
        >
          {active.map((one) => (
            <ActiveRow key={one.no} subscription={one} />
          ))}
        </ul>
      )}
    </Section>
  );
}

function ActiveRow({ subscription }: { subscription: ActiveSubscription }) {
  const { kind, name, heard, latest, unsubscribe } = subscription;
  return (
    <li tabIndex={-1} className="flex items-center gap-3 py-2.5">
      <div className="min-w-0 flex-1">
        <p className="wrap-anywhere text-sm font-medium">
          {text[kind]}: {name}
        </p>
        <p className="truncate text-sm text-muted">
          {heard === 0 ? text.quiet : `${text.heard(heard)} · ${latest}`}
        </p>
      </div>
      <IconButton icon="cross" label={text.unsubscribeFrom(name)} onClick={unsubscribe} />
    </li>
  );
}

interface ChoiceFormProps {
  onChoose: (choice: Choice) => void;
  /** Whether no more can be followed. */
  isFull: boolean;
  /** Id of what says so. */
  whyId: string;
}

function ChoiceForm({ onChoose, isFull, whyId }: ChoiceFormProps) {
  const [kind, setKind] = useState<Kind>("booking");
  const [chosen, setChosen] = useState<string>();
  const choices = useChoices(kind);
  const choice = choices.find(({ id }) => id === chosen) ?? choices[0];
  return (
    <form
      className="flex flex-wrap items-end gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (choice !== undefined) onChoose(choice);
      }}
    >
      <div className="w-40 max-sm:w-full">
        <SelectField
          label={text.kind}
          options={kinds.map((one) => [one, text.kinds[one]] as const)}
          value={kind}
          onChange={setKind}
        />
      </div>
      <div className="min-w-0 flex-1 basis-52">
        <SelectField
          label={text[kind]}
          options={
            choices.length === 0
              ? [["", text.none]]
              : choices.map(({ id, name }) => [id, name] as const)
          }
          value={choice?.id ?? ""}
          onChange={setChosen}
        />
      </div>
      <Button
        type="submit"
        weight="primary"
        icon="plus"
        className="min-h-10"
        disabled={isFull}
        aria-describedby={isFull ? whyId : undefined}
        title={isFull ? text.full : undefined}
      >
        {text.subscribe}
      </Button>
    </form>
  );
}

/** What there is to follow: today's bookings, their providers, and the members. */
function useChoices(kind: Kind): Choice[] {
  const { user } = useSession();
  const bookings = useQuery({
    queryKey: ["bookings", "to-follow"],
    queryFn: () => hub.bookings.list({ on: "today", limit: 100 }),
  }).data?.data;
  const members = useQuery({ ...membersQuery, enabled: kind === "user" }).data ?? [];
  if (kind === "user") {
    const others = members.filter(({ user_id: id }) => id !== user.id);
    return [
      { kind, id: "me", name: text.me },
      ...others.map((member) => ({ kind, id: member.user_id, name: member.name })),
    ];
  }
  if (kind === "booking") {
    return (bookings ?? []).map(({ id, booking_number: number, title }) => ({
      kind,
      id,
      name: `#${number} ${title}`,
    }));
  }
  const providers = new Map(
    (bookings ?? []).map(({ provider }) => [provider?.email ?? "", provider?.name] as const),
  );
  providers.delete("");
  return [...providers].map(([id, name]) => ({ kind, id, name: name ?? id }));
}
