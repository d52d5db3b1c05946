import {
  demoLimits,
  type DemoResource,
  type DemoTestResult,
  type DemoSettings,
  type DemoVisit,
} from "@slotwire/contract";
import { type Author, recordAudit } from "../access/record-audit.ts";
import { tenant } from "../db/database.ts";
import { SlotwireError } from "../errors.ts";
import type { Hub } from "../http/app.types.ts";
import type { DemoControls } from "../http/demo-controls.types.ts";
import type { DemoSource } from "./demo-source.ts";
import { DEMO_NAME, type DemoRows } from "./ensure-demo.ts";
import { usualSettings } from "./usual-settings.ts";
import type { Visit } from "./visit.ts";

/** What the API does with the demo that runs in this process. */
export function demoControls(
  hub: Pick<Hub, "db" | "clock">,
  rows: DemoRows,
  source: DemoSource,
): DemoControls {
  const read = async (after: number | undefined): Promise<DemoResource> => {
    // The truth comes first: what it holds is in the log that is read behind it.
    const truth = truthOf(source, after);
    return { ...truth, ...(await readLog(hub, rows)) };
  };
  return {
    orgId: rows.orgId,
    read,
    async change(by, input) {
      const old = source.settings;
      const given = Object.entries(input).filter(([, value]) => value !== undefined);
      const fresh: DemoSettings = { ...old, ...Object.fromEntries(given) };
      await audit(hub, by, old, fresh);
      source.change(fresh);
      return read(undefined);
    },
    async begin(count) {
      if (!source.begin(count)) {
        throw new SlotwireError("E_CONFLICT", {
          detail: "Something is being made to happen already.",
          remedy: "Wait until that is over, or cancel it.",
        });
      }
      return read(undefined);
    },
    cancel() {
      source.cancel();
      return read(undefined);
    },
    async testWebhook(signature): Promise<DemoTestResult> {
      const answer = await source.ping(signature);
      const { action, code, title, message_id } = answer?.fields ?? {};
      const text = (value: unknown): string | null => (typeof value === "string" ? value : null);
      return {
        status: answer?.status ?? null,
        action: text(action),
        code: text(code),
        title: text(title),
        message_id: text(message_id),
      };
    },
  };
}

type Truth = Omit<DemoResource, "unprocessed" | "position" | "connection_id" | "destination_id">;

function truthOf(source: DemoSource, after: number | undefined): Truth {
  const changed = after === undefined ? [] : source.changedSince(after);
  const told = changed.slice(0, demoLimits.visits);
  const more = told.length < changed.length;
  return {
    run_id: source.runId,
    began_at: source.beganAt.toISOString(),
    began_position: source.beganPosition,
    settings: source.settings,
    usual_settings: usualSettings,
    counts: source.counts,
    burst: source.burst,
    change: more ? (told.at(-1)?.[0] ?? 0) : source.lastChange,
    visits: told.map(([, visit]) => visitResource(visit)),
    more,
    open_visits: [...source.openVisits],
  };
}

function visitResource(visit: Visit): DemoVisit {
  return {
    id: visit.icalUid,
    uids: [...visit.previousUids, visit.uid],
    status: visit.status,
    starts_at: visit.startsAt,
    ends_at: visit.endsAt,
  };
}

async function readLog(
  { db }: Pick<Hub, "db">,
  { orgId, connectionId, destinationId }: DemoRows,
): Promise<Omit<DemoResource, keyof Truth>> {
  const [log] = await db.transaction(tenant(orgId), (tx) =>
    tx.query<{ unprocessed: number; position: number }>(
      `SELECT (SELECT count(*)::int FROM inbound_message
                WHERE org_id = $1 AND connection_id = $2 AND status = 'waiting')
              + (SELECT count(*)::int FROM inbound_message
                  WHERE org_id = $1 AND connection_id = $2 AND status = 'received') AS unprocessed,
              (SELECT coalesce(max(seq), 0)::int FROM booking_event
                WHERE org_id = $1) AS position`,
      [orgId, connectionId],
    ),
  );
  return {
    connection_id: connectionId,
    destination_id: destinationId,
    unprocessed: log?.unprocessed ?? 0,
    position: log?.position ?? 0,
  };
}

function audit(
  { db, clock }: Pick<Hub, "db" | "clock">,
  by: Author,
  old: DemoSettings,
  fresh: DemoSettings,
): Promise<void> {
  return db.transaction(tenant(by.orgId), (tx) =>
    recordAudit(tx, {
      ...by,
      at: clock.now(),
      action: "demo.changed",
      entityId: null,
      entityName: DEMO_NAME,
      old,
      new: fresh,
    }),
  );
}
