import type { ConnectionResource } from "@slotwire/contract";
import { useQuery } from "@tanstack/react-query";
import { access } from "../../messages/access.ts";
import { mappingWords } from "../../messages/mapping.ts";
import { LinkButton } from "../../parts/button.tsx";
import { CopyField } from "../../parts/copy-field.tsx";
import { useMay } from "../../session/use-may.ts";
import { Arrival } from "./arrival.tsx";
import { ConnectionActions } from "./connection-actions.tsx";
import { comparability, needsSecret } from "./connection-state.ts";
import { NoComparison } from "./no-comparison.tsx";
import { connectionKindsQuery } from "./queries.ts";

interface ConnectionPanelProps {
  connection: ConnectionResource;
  mayManage: boolean;
}

/** One connection: what to paste at the source, and whether anything arrives from it. */
export function ConnectionPanel({ connection, mayManage }: ConnectionPanelProps) {
  const may = useMay();
  const kinds = useQuery(connectionKindsQuery);
  const kind = kinds.data?.data.find((one) => one.kind === connection.kind);
  const label = kind?.label;
  const comparison = kind && comparability(connection, kind);
  const { origin_setting: setting } = connection;
  return (
    <section className="panel space-y-4 p-5" aria-label={connection.name}>
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1">
        <div className="min-w-0">
          <h2 className="text-lg font-semibold wrap-anywhere">{connection.name}</h2>
          <p className="text-sm text-muted">{factsOn(connection, label)}</p>
        </div>
        <div className="flex flex-wrap gap-1 max-sm:-ml-3">
          {comparison === "yes" && (
            <LinkButton
              weight="ghost"
              icon="equal"
              to="/settings/connections/$connectionId"
              params={{ connectionId: connection.id }}
            >
              {access.connections.compare}
            </LinkButton>
          )}
          {may("inbox:read") && (
            <LinkButton
              weight="ghost"
              icon="inbox"
              to="/inbox"
              search={{ connection: connection.id }}
            >
              {access.connections.inbox}
            </LinkButton>
          )}
        </div>
      </div>
      <Arrival connection={connection} />
      <CopyField label={access.connections.address} value={connection.webhook_url} />
      <ul className="space-y-0.5 text-sm text-muted empty:hidden">
        {connection.has_url_token && <li>{access.connections.tokenHidden}</li>}
        {setting !== null && <li>{access.connections.fromSetting(setting)}</li>}
        {!connection.has_secret && needsSecret(connection) && (
          <li className="text-warn">{access.connections.noSecret}</li>
        )}
        {kind && comparison !== undefined && comparison !== "yes" && (
          <NoComparison
            connection={connection}
            kind={kind}
            why={comparison}
            mayManage={mayManage}
          />
        )}
      </ul>
      {kind?.takes_mapping === true && mayManage && <MappingLink connection={connection} />}
      {mayManage && <ConnectionActions connection={connection} />}
    </section>
  );
}

function MappingLink({ connection }: { connection: ConnectionResource }) {
  const isMapped = (connection.settings["mapping"] ?? null) !== null;
  return (
    <div className="space-y-2">
      {!isMapped && <p className="text-sm text-warn">{mappingWords.notMapped}</p>}
      <LinkButton
        icon="edit"
        weight={isMapped ? "plain" : "primary"}
        to="/settings/connections/$connectionId/mapping"
        params={{ connectionId: connection.id }}
      >
        {isMapped ? mappingWords.edit : mappingWords.open}
      </LinkButton>
    </div>
  );
}

function factsOn(connection: ConnectionResource, label: string | undefined): string {
  const { origin, auth_modes: modes, allowed_ranges: ranges } = connection;
  return [
    label === connection.name ? "" : (label ?? connection.kind),
    access.connections.modesOf(modes.map((mode) => access.connections.modes[mode])),
    ranges === null ? "" : access.connections.ranges(ranges.length),
    access.connections.origins[origin],
  ]
    .filter((words) => words !== "")
    .join(" · ");
}
