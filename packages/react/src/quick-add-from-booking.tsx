"use client";

import { ApiError, type SlotwireClient } from "@slotwire/client";
import type { ImportedBooking } from "@slotwire/contract";
import { type ReactElement, type SyntheticEvent, useEffect, useState } from "react";
import { quickAdd } from "./messages/en.ts";
import { Field } from "./parts/field.tsx";
import { Modal } from "./parts/modal.tsx";
import { ProblemNote } from "./parts/problem-note.tsx";
import { StatusChip } from "./parts/status-chip.tsx";
import { formatTime } from "./time/format-time.ts";
import { useZone } from "./time/use-zone.ts";
import { useHubData } from "./use-hub-data.ts";
import { useSend } from "./use-send.ts";
import { useSlotwireClient } from "./use-slotwire-client.ts";
import { type Labels, useLocale, useWords } from "./use-words.ts";

export interface QuickAddFromBookingProps {
  /** The nearest provider's when absent, else the default client. */
  readonly client?: SlotwireClient;
  /** The connection whose ids are typed. May be left out while there is one that can be asked. */
  readonly connectionId?: string;
  readonly onImported?: (imported: ImportedBooking) => void;
  /** IANA zone of the times; the provider's when absent, else the organisation's. */
  readonly timeZone?: string;
  readonly labels?: Labels<"quickAdd">;
  readonly className?: string;
}

/**
 * A button that opens a dialog: one types what a booking is called at its source, sees what it is, and
 * imports it. Styled by `quick-add-from-booking.css`.
 */
export function QuickAddFromBooking(props: QuickAddFromBookingProps): ReactElement {
  const [isOpen, setIsOpen] = useState(false);
  const words = useWords("quickAdd", quickAdd, props.labels);
  return (
    <div className={`sw sw-quick ${props.className ?? ""}`.trim()}>
      <button type="button" className="sw-button" onClick={() => setIsOpen(true)}>
        {words.open}
      </button>
      {isOpen && (
        <Modal name="sw-quick-dialog" title={words.title} onClose={() => setIsOpen(false)}>
          <Import {...props} words={words} />
        </Modal>
      )}
    </div>
  );
}

type Words = typeof quickAdd;

/** Milliseconds for which nobody has typed before the hub is asked. */
const PAUSE = 400;

function Import({
  words,
  connectionId,
  onImported,
  ...props
}: QuickAddFromBookingProps & { readonly words: Words }): ReactElement {
  const client = useSlotwireClient(props.client);
  const zone = useZone(client, props.timeZone);
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState(connectionId);
  const [imported, setImported] = useState<ImportedBooking | null>(null);
  const { isSending, error, send, reset } = useSend();
  const id = useSettled(text.trim(), PAUSE);
  const ask = (preview: boolean): Promise<ImportedBooking> =>
    client.bookings.import({
      external_id: text.trim(),
      connection_id: chosen,
      preview,
    });
  const preview = useHubData<ImportedBooking | null>({
    client,
    key: `${chosen} ${id}`,
    ask: async () => (id === "" ? null : ask(true)),
  });
  // What is known of another id is nothing of this one.
  const { data, error: failure } = id === text.trim() ? preview : { data: null, error: null };
  const found = data ?? null;
  const isLooking = text.trim() !== "" && found === null && failure === null;
  const choices = choicesOf(failure);
  const type = (typed: string): void => {
    setText(typed);
    setImported(null);
    reset();
  };
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (found === null || imported !== null) return;
    void send(async () => {
      const result = await ask(false);
      setImported(result);
      preview.reload();
      onImported?.(result);
    });
  };
  return (
    <form className="sw-stack" aria-busy={isSending} onSubmit={submit}>
      <Field
        label={words.id}
        hint={words.hint}
        autoComplete="off"
        spellCheck={false}
        value={text}
        onValue={type}
      />
      <div aria-live="polite" className="sw-stack">
        {imported !== null && <Imported imported={imported} words={words} />}
        {isLooking && <p className="sw-note">{words.looking}</p>}
        {imported === null && found && <Details found={found} zone={zone} words={words} />}
      </div>
      {choices.length > 0 && (
        <fieldset className="sw-info">
          <legend>{words.which}</legend>
          {choices.map((choice) => (
            <button
              key={choice.id}
              type="button"
              className="sw-button"
              onClick={({ currentTarget: { form } }) => {
                setChosen(choice.id);
                // The button goes.
                (form?.elements[0] as HTMLElement | undefined)?.focus();
              }}
            >
              {choice.name}
            </button>
          ))}
        </fieldset>
      )}
      {failure !== null && choices.length === 0 && (
        <ProblemNote
          title={words.failed}
          error={failure}
          why={
            failure instanceof ApiError && failure.code === "E_SOURCE_UNKNOWN"
              ? words.notFound
              : undefined
          }
          onRetry={preview.reload}
        />
      )}
      {error !== null && <ProblemNote title={words.notImported} error={error} />}
      {imported === null ? (
        <button
          type="submit"
          className="sw-button sw-primary"
          aria-disabled={found === null || isSending}
        >
          {isSending ? words.importing : words.import}
        </button>
      ) : (
        <button type="button" className="sw-button" onClick={() => type("")}>
          {words.another}
        </button>
      )}
    </form>
  );
}

/** A value that has not changed for a while. */
function useSettled(value: string, pause: number): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), pause);
    return () => clearTimeout(timer);
  }, [value, pause]);
  return settled;
}

/** The connections of which one has to be chosen; none for other errors. */
const choicesOf = (error: unknown): readonly { readonly id: string; readonly name: string }[] =>
  (error as ChoiceProblem | null)?.problem?.connections ?? [];

/** What the hub refuses with E_CONNECTION_CHOICE. */
interface ChoiceProblem {
  readonly problem?: { readonly connections?: { id: string; name: string }[] };
}

const numberOf = ({ booking }: ImportedBooking): string => `#${booking?.booking_number ?? "?"}`;

function Details({
  found,
  words,
  ...props
}: {
  readonly found: ImportedBooking;
  readonly zone: string | null | undefined;
  readonly words: Words;
}): ReactElement {
  const locale = useLocale();
  const { title, status, location, customer } = found.details;
  const zone = props.zone ?? found.details.time_zone;
  const { starts_at: at, ends_at: end } = found.details;
  const who = [customer?.name, customer?.email].filter(Boolean).join(" · ");
  return (
    <div className="sw-quick-found">
      <p className="sw-strong">
        {title} <StatusChip status={status} />
      </p>
      <dl className="sw-facts">
        <dt>{words.when}</dt>
        <dd>
          {formatTime("full", at, locale, zone)} – {formatTime("time", end, locale, zone)} ({zone})
        </dd>
        {location && <Fact name={words.where} value={location} />}
        {who && <Fact name={words.customer} value={who} />}
      </dl>
      {found.already_known && <p className="sw-info">{words.known(numberOf(found))}</p>}
    </div>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }): ReactElement {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

function Imported({
  imported,
  words,
}: {
  readonly imported: ImportedBooking;
  readonly words: Words;
}): ReactElement {
  const number = numberOf(imported);
  return (
    <p className="sw-done">
      {imported.already_known ? words.known(number) : words.imported(number)}
      {imported.lead && <strong> {imported.lead.title}</strong>}
    </p>
  );
}
