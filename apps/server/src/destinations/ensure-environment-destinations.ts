import type { DestinationResource } from "@slotwire/contract";
import { hubAuthor } from "../access/record-audit.ts";
import { type Transaction, tenant } from "../db/database.ts";
import { openedOrNull } from "../db/secret-box.ts";
import { uuid7 } from "../db/uuid7.ts";
import { auditDestination } from "./audit-destination.ts";
import { cancelOpenDeliveries } from "./cancel-open-deliveries.ts";
import { checkAddress } from "./check-address.ts";
import type { DestinationDeps } from "./destination-deps.ts";
import type { DestinationRow } from "./destination-row.ts";
import { newSecret } from "./new-secret.ts";
import { profiles } from "./profiles/profiles.ts";

/** A destination that the environment's settings ask for. */
interface Wanted {
  readonly name: string;
  readonly profile: DestinationResource["profile"];
  readonly payloadMode: DestinationResource["payload_mode"];
  readonly url: string;
  /** A key of the receiver's. */
  readonly key: string | null;
}

export interface EnvironmentDestinations {
  readonly makeWebhook: { readonly url: string; readonly secret: string | null } | null;
  readonly externalCalendar: { readonly url: string; readonly key: string | null } | null;
}

/**
 * Makes the organisation's destinations of origin `environment` what the settings say: creates
 * what is missing, changes what differs, deletes what the settings no longer name. A changed URL
 * makes a disabled destination active again; a paused one stays paused. A key that cannot be opened
 * is replaced: only a process that opens what is stored may call this.
 * @returns a warning, in words, for each URL that nothing can be sent to as the settings are
 */
export async function ensureEnvironmentDestinations(
  deps: DestinationDeps,
  orgId: string,
  settings: EnvironmentDestinations,
): Promise<string[]> {
  const wanted = wantedBy(settings);
  await deps.db.transaction(tenant(orgId), async (tx) => {
    const rows = await tx.kysely
      .selectFrom("destination")
      .selectAll()
      .where("origin", "=", "environment")
      .where("deleted_at", "is", null)
      .forUpdate()
      .execute();
    for (const one of wanted) {
      const row = rows.find(({ profile }) => profile === one.profile);
      await (row === undefined ? create(deps, tx, orgId, one) : update(deps, tx, row, one));
    }
    for (const row of rows) {
      if (!wanted.some(({ profile }) => profile === row.profile)) await remove(deps, tx, row);
    }
  });
  return warningsAbout(deps, wanted);
}

function wantedBy({ makeWebhook, externalCalendar }: EnvironmentDestinations): Wanted[] {
  const wanted: Wanted[] = [];
  if (makeWebhook !== null) {
    const { url, secret } = makeWebhook;
    wanted.push({ name: "Make.com", profile: "make", payloadMode: "full", url, key: secret });
  }
  if (externalCalendar !== null) {
    const { url, key } = externalCalendar;
    const profile = "external_calendar";
    wanted.push({ name: "External calendar", profile, payloadMode: "compat", url, key });
  }
  return wanted;
}

async function create(
  { secretBox, clock }: DestinationDeps,
  tx: Transaction,
  orgId: string,
  wanted: Wanted,
): Promise<void> {
  const fresh = await tx.kysely
    .insertInto("destination")
    .values({
      org_id: orgId,
      id: uuid7(),
      name: await freeName(tx, wanted.name),
      url: wanted.url,
      profile: wanted.profile,
      event_types: ["*"],
      payload_mode: wanted.payloadMode,
      ordering: "per_booking",
      origin: "environment",
      secret_sealed: secretBox.seal(newSecret()),
      ...authColumns(secretBox, wanted),
      created_at: clock.now(),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await auditDestination(tx, hubAuthor(orgId), clock.now(), "created", { old: null, fresh });
}

/** Only what differs is written: a sealed value is never twice the same. */
async function update(
  { secretBox, clock }: DestinationDeps,
  tx: Transaction,
  row: DestinationRow,
  wanted: Wanted,
): Promise<void> {
  const header = wanted.key === null ? null : profiles[wanted.profile].keyHeader(wanted.key);
  const value = row.auth_value_sealed && openedOrNull(secretBox, row.auth_value_sealed);
  const isSameUrl = row.url === wanted.url;
  const isSameKey =
    row.auth_header === (header?.name ?? null) &&
    (row.auth_value_sealed === null ? header === null : value === header?.value);
  if (isSameUrl && isSameKey) return;
  const fresh = await tx.kysely
    .updateTable("destination")
    .set({
      url: wanted.url,
      ...(isSameKey ? {} : authColumns(secretBox, wanted)),
      ...(isSameUrl || row.status !== "disabled"
        ? {}
        : { status: "active", disabled_reason: null, disabled_at: null, failing_since: null }),
    })
    .where("id", "=", row.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  const by = hubAuthor(row.org_id);
  if (!isSameUrl) await auditDestination(tx, by, clock.now(), "changed", { old: row, fresh });
  if (!isSameKey) {
    await auditDestination(tx, by, clock.now(), "key_changed", { old: fresh, fresh });
  }
}

async function remove(
  { clock }: DestinationDeps,
  tx: Transaction,
  row: DestinationRow,
): Promise<void> {
  const { id } = row;
  await tx.kysely
    .updateTable("destination")
    .set({ deleted_at: clock.now() })
    .where("id", "=", id)
    .execute();
  await cancelOpenDeliveries(tx, id, "destination_deleted");
  const by = hubAuthor(row.org_id);
  await auditDestination(tx, by, clock.now(), "deleted", { old: row, fresh: null });
}

function authColumns(secretBox: DestinationDeps["secretBox"], { profile, key }: Wanted) {
  if (key === null) return { auth_header: null, auth_value_sealed: null };
  const { name, value } = profiles[profile].keyHeader(key);
  return { auth_header: name, auth_value_sealed: secretBox.seal(value) };
}

/** A person may have given the name to a destination of theirs. */
async function freeName(tx: Transaction, name: string): Promise<string> {
  const rows = await tx.kysely
    .selectFrom("destination")
    .select((eb) => eb.fn<string>("lower", ["name"]).as("name"))
    .where("deleted_at", "is", null)
    .execute();
  const taken = new Set(rows.map((row) => row.name));
  let free = name;
  for (let number = 2; taken.has(free.toLowerCase()); number += 1) free = `${name} ${number}`;
  return free;
}

async function warningsAbout(deps: DestinationDeps, wanted: readonly Wanted[]): Promise<string[]> {
  const warnings: string[] = [];
  for (const { name, url } of wanted) {
    try {
      await checkAddress(url, deps.policy, deps.resolve);
    } catch (error) {
      warnings.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return warnings;
}
