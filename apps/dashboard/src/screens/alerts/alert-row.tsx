import type { AlertResource } from "@slotwire/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { hub } from "../../api/hub.ts";
import { operate } from "../../messages/operate.ts";
import { Button } from "../../parts/button.tsx";
import { Chip, type Look } from "../../parts/chip.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { useMay } from "../../session/use-may.ts";
import { useZone } from "../../session/use-session.ts";
import { formatShortDateTime } from "../../time/format-time.ts";

const words = operate.alerts;

const looks: Readonly<Record<AlertResource["severity"], Look>> = {
  info: { tone: "info", icon: "eye" },
  warning: { tone: "warn", icon: "warn" },
  critical: { tone: "bad", icon: "warn" },
};

/** One alert: what happened, since when, and what to do about it. */
export function AlertRow({ alert }: { alert: AlertResource }) {
  return (
    <li className="space-y-2 p-4">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1">
        <h2 className="min-w-0 font-semibold wrap-anywhere">{alert.title}</h2>
        <Chip look={looks[alert.severity]}>{words.severities[alert.severity]}</Chip>
      </div>
      <p className="wrap-anywhere">{alert.description}</p>
      {alert.details.length > 0 && (
        <ul aria-label={words.details} className="flex flex-wrap gap-1.5">
          {alert.details.map((detail) => (
            <li key={detail} className="rounded bg-sunken px-1.5 py-0.5 text-xs wrap-anywhere">
              {detail}
            </li>
          ))}
        </ul>
      )}
      <p>
        <span className="font-medium">{words.remedy}: </span>
        {alert.remedy}
      </p>
      <When alert={alert} />
      <Actions alert={alert} />
    </li>
  );
}

function When({ alert }: { alert: AlertResource }) {
  const zone = useZone();
  const parts = [
    words.since(formatShortDateTime(alert.opened_at, zone)),
    ...(alert.count > 1
      ? [words.times(alert.count), words.last(formatShortDateTime(alert.last_seen_at, zone))]
      : []),
    ...(alert.acknowledged_by === null ? [] : [words.acknowledged(alert.acknowledged_by)]),
    ...(alert.resolved_at === null
      ? []
      : [words.resolvedBy(alert.resolved_by, formatShortDateTime(alert.resolved_at, zone))]),
  ];
  return <p className="text-sm text-muted">{parts.join(" · ")}</p>;
}

function Actions({ alert }: { alert: AlertResource }) {
  const may = useMay();
  const queries = useQueryClient();
  const readAgain = () => queries.invalidateQueries({ queryKey: ["alerts"] });
  const acknowledge = useMutation({
    mutationFn: () => hub.alerts.acknowledge(alert.id),
    onSuccess: readAgain,
  });
  const resolve = useMutation({
    mutationFn: () => hub.alerts.resolve(alert.id),
    onSuccess: readAgain,
  });
  const isOpen = alert.resolved_at === null && may("alerts:manage");
  const error = acknowledge.error ?? resolve.error;
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 pt-1 text-sm">
        {isOpen && alert.acknowledged_at === null && (
          <Button
            icon="person"
            aria-label={`${words.acknowledge}: ${alert.title}`}
            disabled={acknowledge.isPending}
            onClick={() => acknowledge.mutate()}
          >
            {words.acknowledge}
          </Button>
        )}
        {isOpen && (
          <Button
            icon="check"
            aria-label={`${words.resolve}: ${alert.title}`}
            disabled={resolve.isPending}
            onClick={() => resolve.mutate()}
          >
            {words.resolve}
          </Button>
        )}
        {alert.connection_id !== null && may("inbox:read") && (
          <Link
            to="/inbox"
            search={{
              connection: alert.connection_id,
              status: alert.kind === "message_failed" ? "failed" : undefined,
            }}
            className="text-accent underline-offset-2 hover:underline"
          >
            {words.messages}
          </Link>
        )}
      </div>
      {error && <ProblemPanel error={error} />}
    </>
  );
}
