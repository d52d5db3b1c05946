import type { DeliveryCounts, DeliveryStatus } from "@slotwire/contract";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { destinationsQuery } from "../../api/queries.ts";
import { isUuid } from "../../api/is-uuid.ts";
import type { DeliveriesSearch } from "../../api/search.ts";
import { deliveryStatuses } from "../../api/statuses.ts";
import { t } from "../../messages/messages.ts";
import { outbound } from "../../messages/outbound.ts";
import { Button } from "../../parts/button.tsx";
import { FormField } from "../../parts/form-field.tsx";
import { SelectField } from "../../parts/select-field.tsx";
import { Icon } from "../../parts/icon.tsx";
import { useMay } from "../../session/use-may.ts";
import { isDay } from "../../time/zoned-day.ts";
import { isFiltered, withoutEmpty } from "./delivery-filter.ts";

const words = outbound.filters;
const statuses: Readonly<Record<string, string | undefined>> = t.deliveries.status;
const reasons: Readonly<Record<string, { readonly short: string } | undefined>> = outbound.stops;

interface DeliveryFiltersProps {
  search: DeliveriesSearch;
  counts: DeliveryCounts | undefined;
}

interface FilterProps {
  search: DeliveriesSearch;
  narrow: (change: Partial<Record<keyof DeliveriesSearch, string | undefined>>) => void;
}

/** Narrows the deliveries; what is chosen stands in the address. */
export function DeliveryFilters({ search, counts }: DeliveryFiltersProps) {
  const navigate = useNavigate();
  const [isOpen, setIsOpen] = useState(
    () =>
      (search.type ?? search.error ?? search.code ?? search.from ?? search.to ?? search.booking) !==
      undefined,
  );
  const narrow: FilterProps["narrow"] = (change) =>
    void navigate({ to: ".", search: withoutEmpty({ ...search, ...change }), replace: true });
  return (
    <search className="mb-3 space-y-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <StatusTabs search={search} narrow={narrow} counts={counts} />
        <div className="flex min-w-0 flex-wrap items-center gap-2">
          <DestinationFilter search={search} narrow={narrow} />
          <Button weight="ghost" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
            {words.more}
          </Button>
        </div>
      </div>
      {isOpen && <MoreFilters search={search} narrow={narrow} />}
      {counts?.is_limited === true && <p className="text-xs text-muted">{words.limited}</p>}
      <ActiveFilters search={search} narrow={narrow} />
    </search>
  );
}

function StatusTabs({
  search,
  narrow,
  counts,
}: FilterProps & Pick<DeliveryFiltersProps, "counts">) {
  const by = counts?.by_status;
  const total = by && Object.values(by).reduce((sum, count) => sum + count, 0);
  const tab = (status: DeliveryStatus | undefined, name: string, count: number | undefined) => (
    <button
      key={status ?? "all"}
      type="button"
      aria-pressed={search.status === status}
      onClick={() => narrow({ status })}
      className="flex h-8 items-center gap-1.5 rounded-full px-2.5 text-sm font-medium whitespace-nowrap text-muted hover:bg-sunken hover:text-ink aria-pressed:bg-ink aria-pressed:text-canvas"
    >
      {name}
      {count !== undefined && count > 0 && (
        <span className="text-xs tabular-nums">
          {count.toLocaleString("en-GB")}
          {counts?.is_limited === true && status === undefined ? "+" : ""}
        </span>
      )}
    </button>
  );
  return (
    <fieldset aria-label={t.deliveries.filterStatus} className="flex min-w-0 flex-wrap gap-1">
      {tab(undefined, t.app.all, total)}
      {deliveryStatuses.map((status) => tab(status, t.deliveries.status[status], by?.[status]))}
    </fieldset>
  );
}

function DestinationFilter({ search, narrow }: FilterProps) {
  const may = useMay()("destinations:read");
  const destinations = useQuery({ ...destinationsQuery, enabled: may });
  return (
    <select
      aria-label={t.deliveries.filterDestination}
      className="field min-h-9 w-auto max-w-full text-sm"
      value={search.destination ?? ""}
      onChange={(event) => narrow({ destination: event.target.value })}
    >
      <option value="">{t.deliveries.allDestinations}</option>
      {destinations.data?.data.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}

const narrowField = "min-w-0 flex-1 basis-36 sm:w-36 sm:flex-none";

interface NarrowProps {
  label: string;
  hint?: string;
  error?: string | undefined;
  children: (ids: object) => ReactNode;
}

function Narrow({ children, ...field }: NarrowProps) {
  return (
    <div className={narrowField}>
      <FormField {...field}>{children}</FormField>
    </div>
  );
}

function Choice(props: FilterProps & { name: "type" | "error"; options: [string, string][] }) {
  const { name, options, search, narrow } = props;
  return (
    <div className={narrowField}>
      <SelectField
        isSmall
        label={words[name]}
        options={[["", words.every], ...options]}
        value={search[name] ?? ""}
        onChange={(value) => narrow({ [name]: value })}
      />
    </div>
  );
}

function MoreFilters({ search, narrow }: FilterProps) {
  const errors = Object.entries(outbound.errors).map(([name, { what }]): [string, string] => [
    name,
    what,
  ]);
  const types = Object.entries(t.deliveries.eventTypes);
  return (
    <div className="flex flex-wrap items-start gap-3">
      <Choice name="type" options={types} search={search} narrow={narrow} />
      <Choice name="error" options={errors} search={search} narrow={narrow} />
      <Narrow label={words.code}>
        {(ids) => (
          <input
            {...ids}
            type="text"
            inputMode="numeric"
            maxLength={3}
            placeholder="500"
            className="field min-h-9 text-sm"
            defaultValue={search.code ?? ""}
            key={search.code ?? ""}
            onChange={({ target: { value } }) => {
              if (value === "" || /^[1-5]\d\d$/.test(value)) narrow({ code: value });
            }}
          />
        )}
      </Narrow>
      <BookingFilter key={search.booking ?? ""} search={search} narrow={narrow} />
      {(["from", "to"] as const).map((end) => (
        <Narrow key={end} label={words[end]}>
          {(ids) => (
            <input
              {...ids}
              type="date"
              className="field min-h-9 text-sm"
              value={isDay(search[end]) ? search[end] : ""}
              onChange={(event) => narrow({ [end]: event.target.value })}
            />
          )}
        </Narrow>
      ))}
    </div>
  );
}

/** Takes a booking's number or id, once it is whole. */
function BookingFilter({ search, narrow }: FilterProps) {
  const [isWrong, setIsWrong] = useState(false);
  const take = (text: string) => {
    const isWhole = text === "" || /^#?\d{1,15}$/.test(text) || isUuid(text);
    setIsWrong(!isWhole);
    if (isWhole && text !== (search.booking ?? "")) narrow({ booking: text.replace("#", "") });
  };
  return (
    <Narrow
      label={words.booking}
      hint={words.bookingHint}
      error={isWrong ? words.bookingWrong : undefined}
    >
      {(ids) => (
        <input
          {...ids}
          type="text"
          maxLength={36}
          autoComplete="off"
          placeholder="1007"
          className="field min-h-9 text-sm"
          defaultValue={search.booking ?? ""}
          onBlur={({ target }) => take(target.value.trim())}
          onKeyDown={({ key, currentTarget }) => {
            if (key === "Enter") take(currentTarget.value.trim());
          }}
        />
      )}
    </Narrow>
  );
}

/** What the list is narrowed to, each with a way out. */
function ActiveFilters({ search, narrow }: FilterProps) {
  const navigate = useNavigate();
  const name = useNameOfDestination(search.destination);
  const chips: [keyof DeliveriesSearch, string | undefined][] = [
    ["status", search.status && (statuses[search.status] ?? search.status)],
    ["destination", search.destination && name],
    ["type", search.type && (t.deliveries.eventTypes[search.type] ?? search.type)],
    ["error", search.error && (outbound.errors[search.error]?.what ?? search.error)],
    ["code", search.code && words.httpStatus(search.code)],
    ["from", search.from && `${words.from} ${search.from}`],
    ["to", search.to && `${words.to} ${search.to}`],
    ["booking", search.booking && words.oneBooking(search.booking)],
    ["reason", search.reason && (reasons[search.reason]?.short ?? search.reason)],
    ["replay", search.replay && words.replay],
  ];
  if (!isFiltered(search)) return null;
  return (
    <ul aria-label={words.active} className="flex flex-wrap items-center gap-1.5">
      {chips.map(
        ([key, text]) =>
          text !== undefined && (
            <li key={key}>
              <button
                type="button"
                aria-label={words.without(text)}
                onClick={() => narrow({ [key]: "" })}
                className="inline-flex h-7 items-center gap-1 rounded-full border border-line bg-surface pr-1.5 pl-2.5 text-xs font-medium hover:bg-raised"
              >
                {text}
                <Icon name="cross" className="size-3.5 text-muted" />
              </button>
            </li>
          ),
      )}
      <li>
        <button
          type="button"
          onClick={() => void navigate({ to: "/deliveries", search: {} })}
          className="h-7 px-1.5 text-xs font-medium text-accent hover:underline"
        >
          {words.clear}
        </button>
      </li>
    </ul>
  );
}

function useNameOfDestination(id: string | undefined): string {
  const may = useMay()("destinations:read");
  const destinations = useQuery({ ...destinationsQuery, enabled: may && id !== undefined });
  const found = destinations.data?.data.find((one) => one.id === id);
  return found?.name ?? words.destination;
}
