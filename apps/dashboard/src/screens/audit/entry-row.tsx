import type { AuditEntry } from "@slotwire/contract";
import { Link } from "@tanstack/react-router";
import { access } from "../../messages/access.ts";
import { Fact, FactList } from "../../parts/fact-list.tsx";
import { Icon, type IconName } from "../../parts/icon.tsx";
import { formatDateTime, formatTime } from "../../time/format-time.ts";
import { deviceOf } from "../account/device-of.ts";
import { type Change, changesOf } from "./changes-of.ts";

const icons: Readonly<Record<AuditEntry["actor"]["kind"], IconName>> = {
  user: "person",
  api_key: "key",
  connection: "plug",
  system: "retry",
};

interface EntryRowProps {
  entry: AuditEntry;
  /** The organisation's, in which times are told. */
  zone: string;
}

/** One line of the log; opened, it says what changed and from where. */
export function EntryRow({ entry, zone }: EntryRowProps) {
  const { actor } = entry;
  return (
    <li>
      <details className="group">
        <summary className="flex list-none items-baseline gap-3 px-4 py-2.5 hover:bg-raised sm:px-5 [&::-webkit-details-marker]:hidden">
          <time dateTime={entry.at} className="w-11 shrink-0 text-sm text-muted">
            {formatTime(entry.at, zone)}
          </time>
          <span
            className="shrink-0 translate-y-0.5 text-muted"
            title={access.audit.actors[actor.kind]}
          >
            <Icon name={icons[actor.kind]} />
            <span className="sr-only">{access.audit.actors[actor.kind]}</span>
          </span>
          <span className="min-w-0 flex-1 wrap-anywhere">
            <span className="font-medium">{actor.name}</span> <What entry={entry} />
          </span>
          <span className="hidden max-w-40 shrink-0 truncate text-sm text-muted sm:inline">
            {entry.address}
          </span>
          <Icon
            name="next"
            className="size-4 self-center text-muted transition-transform group-open:rotate-90"
          />
        </summary>
        <Detail entry={entry} zone={zone} />
      </details>
    </li>
  );
}

/** What was done, and to what: unless that is whoever did it. */
function What({ entry }: { entry: AuditEntry }) {
  const { actor, action, entity_name: name, entity_id: thing } = entry;
  const isSelf = name === actor.name || (thing !== null && thing === actor.id);
  const words = access.audit.actions[action];
  return (
    <>
      {words === undefined ? <code className="text-sm">{action}</code> : formOf(words, isSelf)}{" "}
      {!isSelf && <span className="font-medium">{name}</span>}
    </>
  );
}

function formOf(words: string | readonly [string, string], isSelf: boolean): string {
  if (typeof words === "string") return words;
  return isSelf ? words[0] : words[1];
}

function Detail({ entry, zone }: EntryRowProps) {
  const changes = changesOf(entry);
  const { entity, entity_id: thing, actor } = entry;
  return (
    <div className="grid gap-5 bg-raised px-4 pt-3 pb-5 sm:px-5 sm:pl-[4.75rem] lg:grid-cols-[minmax(0,1fr)_20rem]">
      <div className="min-w-0">{changes.length > 0 && <Changes changes={changes} />}</div>
      <div className="min-w-0 space-y-4">
        <FactList>
          <Fact name={access.audit.at}>{formatDateTime(entry.at, zone)}</Fact>
          <Fact name={access.audit.action}>
            <code className="text-xs">{entry.action}</code>
          </Fact>
          <Fact name={access.audit.address}>{entry.address}</Fact>
          <Fact name={access.audit.browser}>
            {entry.user_agent !== null && (
              <span title={entry.user_agent}>{deviceOf(entry.user_agent).words}</span>
            )}
          </Fact>
          <Fact name={access.audit.id}>
            {thing !== null && <code className="text-xs">{thing}</code>}
          </Fact>
        </FactList>
        <p className="flex flex-wrap gap-x-4 gap-y-1 text-sm">
          {actor.id !== null && (
            <Link
              to="/settings/audit"
              search={{ actor: actor.id }}
              className="text-accent underline underline-offset-2"
            >
              {access.audit.onlyOne(actor.name)}
            </Link>
          )}
          {thing !== null && thing !== actor.id && (
            <Link
              to="/settings/audit"
              search={{ entity, thing }}
              className="text-accent underline underline-offset-2"
            >
              {access.audit.onlyOne(entry.entity_name ?? access.audit.oneThing)}
            </Link>
          )}
        </p>
      </div>
    </div>
  );
}

/** What differs; of something new only what it is. */
function Changes({ changes }: { changes: readonly Change[] }) {
  const isNew = changes.every(({ before }) => before === access.audit.empty);
  const head = "py-1 pr-3 font-medium";
  return (
    <table className="w-full table-fixed text-left text-sm">
      <caption className="eyebrow mb-1.5 text-left">
        {isNew ? access.audit.values : access.audit.changes}
      </caption>
      <thead className="text-xs text-muted">
        <tr>
          <th scope="col" className={`w-[34%] ${head}`}>
            {access.audit.field}
          </th>
          {!isNew && (
            <th scope="col" className={head}>
              {access.audit.before}
            </th>
          )}
          <th scope="col" className={head}>
            {isNew ? access.audit.value : access.audit.after}
          </th>
        </tr>
      </thead>
      <tbody className="divide-y divide-line border-t border-line">
        {changes.map(({ field, before, after }) => (
          <tr key={field} className="align-top">
            <th scope="row" className="py-1.5 pr-3 font-normal wrap-anywhere text-muted">
              {field}
            </th>
            {!isNew && <td className="py-1.5 pr-3 wrap-anywhere text-muted">{before}</td>}
            <td className="py-1.5 font-medium wrap-anywhere">{after}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
