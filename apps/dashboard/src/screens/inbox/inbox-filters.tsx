import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { connectionsQuery } from "../../api/queries.ts";
import type { InboxSearch } from "../../api/search.ts";
import { inboundMessageStatuses } from "../../api/statuses.ts";
import { t } from "../../messages/messages.ts";
import { operate } from "../../messages/operate.ts";
import { Button } from "../../parts/button.tsx";
import { FilterTabs } from "../../parts/filter-tabs.tsx";
import { FormField } from "../../parts/form-field.tsx";
import { SelectField } from "../../parts/select-field.tsx";
import { useMay } from "../../session/use-may.ts";
import { isFiltered } from "./message-filter.ts";

const words = operate.filters;
/** How long somebody may think between two letters, in milliseconds. */
const pause = 300;

type Change = { [Name in keyof InboxSearch]?: InboxSearch[Name] | "" };

/** Narrows the inbox; what is chosen stands in the address. */
export function InboxFilters({ search }: { search: InboxSearch }) {
  const navigate = useNavigate();
  const [isOpen, setIsOpen] = useState(
    () =>
      (search.trigger ?? search.action ?? search.from ?? search.to ?? search.warning) !== undefined,
  );
  const narrow = (change: Change) =>
    void navigate({ to: ".", search: withoutEmpty({ ...search, ...change }), replace: true });
  return (
    <search className="mb-3 space-y-3">
      <FilterTabs
        label={t.inbox.filter}
        values={inboundMessageStatuses}
        words={t.inbox.status}
        value={search.status}
        onChange={(status) => narrow({ status: status ?? "" })}
      />
      <div className="flex flex-wrap items-end gap-3">
        <TextFilter name="q" hint={words.searchHint} search={search} narrow={narrow} />
        <ConnectionFilter search={search} narrow={narrow} />
        <Button weight="ghost" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
          {words.more}
        </Button>
        {isFiltered(search) && (
          <Button weight="ghost" icon="cross" onClick={() => void navigate({ to: "/inbox" })}>
            {words.clear}
          </Button>
        )}
      </div>
      {isOpen && <MoreFilters search={search} narrow={narrow} />}
    </search>
  );
}

interface FilterProps {
  search: InboxSearch;
  narrow: (change: Change) => void;
}

function TextFilter(props: FilterProps & { name: "q" | "trigger"; hint?: string }) {
  const { name, hint, search, narrow } = props;
  const known = search[name] ?? "";
  // What is being typed; otherwise the address says it.
  const [typed, setTyped] = useState<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const type = (value: string): void => {
    setTyped(value);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => narrow({ [name]: value }), pause);
  };
  const leave = (): void => {
    clearTimeout(timer.current);
    if (typed !== null && typed !== known) narrow({ [name]: typed });
    setTyped(null);
  };
  return (
    <div className="w-full sm:max-w-72 sm:min-w-48 sm:flex-1">
      <FormField label={name === "q" ? words.search : words.trigger}>
        {(ids) => (
          <input
            {...ids}
            type="search"
            className="field min-h-9 text-sm"
            placeholder={hint}
            value={typed ?? known}
            onChange={(event) => type(event.target.value)}
            onBlur={leave}
          />
        )}
      </FormField>
    </div>
  );
}

function ConnectionFilter({ search, narrow }: FilterProps) {
  const may = useMay()("connections:read");
  const query = useQuery({ ...connectionsQuery, enabled: may });
  const connections = query.data?.data ?? [];
  if (connections.length < 2 && search.connection === undefined) return null;
  return (
    <div className="min-w-0 flex-1 basis-36 sm:w-40 sm:flex-none">
      <SelectField
        isSmall
        label={words.connection}
        options={[["", words.every], ...connections.map(({ id, name }) => [id, name] as const)]}
        value={search.connection ?? ""}
        onChange={(connection) => narrow({ connection })}
      />
    </div>
  );
}

function MoreFilters({ search, narrow }: FilterProps) {
  return (
    <div className="flex flex-wrap items-end gap-3">
      <TextFilter name="trigger" search={search} narrow={narrow} />
      <div className="min-w-0 flex-1 basis-36 sm:w-44 sm:flex-none">
        <SelectField
          isSmall
          label={words.action}
          options={[["", words.every], ...Object.entries(t.inbox.action)]}
          value={search.action ?? ""}
          onChange={(action) => narrow({ action })}
        />
      </div>
      {(["from", "to"] as const).map((end) => (
        <div key={end} className="min-w-0 flex-1 basis-36 sm:w-40 sm:flex-none">
          <FormField label={words[end]}>
            {(ids) => (
              <input
                {...ids}
                type="date"
                className="field min-h-9 text-sm"
                value={search[end] ?? ""}
                onChange={(event) => narrow({ [end]: event.target.value })}
              />
            )}
          </FormField>
        </div>
      ))}
      <label className="flex min-h-9 items-center gap-2 text-sm">
        <input
          type="checkbox"
          className="check"
          checked={search.warning !== undefined}
          onChange={(event) => narrow({ warning: event.target.checked ? "true" : "" })}
        />
        {words.warning}
      </label>
    </div>
  );
}

/** What is left out stays as it stands in the address, so that it has to be overwritten. */
function withoutEmpty(search: Readonly<Record<string, string | undefined>>): InboxSearch {
  return Object.fromEntries(
    Object.entries(search).map(([name, value]) => [name, value === "" ? undefined : value]),
  );
}
