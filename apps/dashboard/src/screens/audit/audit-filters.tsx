import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { auditPeriods, type AuditSearch } from "../../api/search.ts";
import { access } from "../../messages/access.ts";
import { Button } from "../../parts/button.tsx";
import { FormField } from "../../parts/form-field.tsx";
import { SelectField } from "../../parts/select-field.tsx";
import type { Day } from "../../time/zoned-day.ts";
import { membersQuery } from "../members/queries.ts";
import { type ActorGroup, actorGroups } from "./actor-groups.ts";
import { isFiltered } from "./audit-filter.ts";
import { auditActorsQuery } from "./queries.ts";

interface AuditFiltersProps {
  search: AuditSearch;
  today: Day;
}

/** Narrows the log; what is chosen stands in the address. */
export function AuditFilters({ search, today }: AuditFiltersProps) {
  const navigate = useNavigate();
  const members = useQuery(membersQuery);
  const narrow = (change: { [Name in keyof AuditSearch]?: AuditSearch[Name] | "" | undefined }) =>
    void navigate({ to: "/settings/audit", search: withoutEmpty({ ...search, ...change }) });
  const actors = useQuery(auditActorsQuery);
  const groups = actorGroups(members.data ?? [], actors.data ?? [], search.actor);
  return (
    <search className="mb-4 flex flex-wrap items-end gap-3">
      <div className="w-full sm:w-52">
        <FormField label={access.audit.who}>
          {(ids) => (
            <select
              {...ids}
              className="field min-h-9 text-sm"
              value={search.actor ?? ""}
              onChange={(event) => narrow({ actor: event.target.value })}
            >
              <option value="">{access.audit.everybody}</option>
              {groups.map((group) => (
                <ActorOptions key={group.title} group={group} />
              ))}
            </select>
          )}
        </FormField>
      </div>
      <div className="min-w-0 flex-1 basis-36 sm:w-44 sm:flex-none">
        <SelectField
          isSmall
          label={access.audit.what}
          options={[["", access.audit.everything], ...Object.entries(access.audit.entities)]}
          value={search.entity ?? ""}
          onChange={(entity) => narrow({ entity, thing: undefined })}
        />
      </div>
      <div className="min-w-0 flex-1 basis-36 sm:w-40 sm:flex-none">
        <SelectField
          isSmall
          label={access.audit.period}
          options={[
            ["", access.audit.periods.all],
            ...auditPeriods.map((period) => [period, access.audit.periods[period]] as const),
          ]}
          value={search.period ?? ""}
          onChange={(period) => narrow({ period, from: undefined, to: undefined })}
        />
      </div>
      {search.period === "custom" && (
        <div className="flex w-full gap-3 sm:w-auto">
          {(["from", "to"] as const).map((end) => (
            <div key={end} className="min-w-0 flex-1">
              <FormField label={access.audit[end]}>
                {(ids) => (
                  <input
                    {...ids}
                    type="date"
                    className="field min-h-9 text-sm"
                    max={today}
                    value={search[end] ?? ""}
                    onChange={(event) => narrow({ [end]: event.target.value })}
                  />
                )}
              </FormField>
            </div>
          ))}
        </div>
      )}
      {isFiltered(search) && (
        <Button
          weight="ghost"
          icon="cross"
          onClick={() => void navigate({ to: "/settings/audit" })}
        >
          {access.audit.clear}
        </Button>
      )}
    </search>
  );
}

function ActorOptions({ group }: { group: ActorGroup }) {
  const options = group.actors.map(({ id, name }) => (
    <option key={id} value={id}>
      {name}
    </option>
  ));
  return group.title === null ? options : <optgroup label={group.title}>{options}</optgroup>;
}

function withoutEmpty(search: Readonly<Record<string, string | undefined>>): AuditSearch {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => Boolean(value)));
}
