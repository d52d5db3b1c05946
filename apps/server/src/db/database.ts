import type { Kysely } from "kysely";
import type { Schema } from "./schema.ts";

/** A hot statement: prepared once per connection under its name. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** Whatever can run SQL. Values are bound as $1, $2 …; int8 comes back as a number. */
export interface Queryable {
  query<Row>(statement: Statement | string, values?: readonly unknown[]): Promise<Row[]>;
}

/** One connection, held by one caller. */
export interface Session extends Queryable {
  /** Runs a script of several statements, which may open and end transactions itself. */
  script(sql: string): Promise<void>;
}

/** Narrows a scope to the bookings of one provider: of none when the address is null. */
export interface ProviderScope {
  readonly providerEmail: string | null;
}

/**
 * For whom a transaction runs. `tenant` sees one organisation's rows and no others
 * (row-level security), or only one provider's bookings among them; `system` sees every
 * organisation: claims, sign-in look-ups, schedules.
 */
export type Scope =
  | { readonly kind: "tenant"; readonly orgId: string; readonly own: ProviderScope | null }
  | { readonly kind: "system" };

/**
 * Shorthand for the scope of one organisation.
 * @param own narrows it to one provider's bookings
 */
export const tenant = (orgId: string, own: ProviderScope | null = null): Scope => ({
  kind: "tenant",
  orgId,
  own,
});

export const system: Scope = { kind: "system" };

/** An open transaction in a scope. */
export interface Transaction extends Queryable {
  /** Typed queries on this very transaction. */
  readonly kysely: Kysely<Schema>;
}

export type Engine = "pglite" | "postgres";

/**
 * The database. `query` runs one statement in a transaction of its own as the connecting role,
 * and is only for functions that set their own scope; everything else goes through `transaction`.
 */
export interface Database extends Queryable {
  readonly engine: Engine;
  /**
   * Runs `work` in one transaction and commits it; rolls back when `work` throws.
   * Keep it short: the embedded engine has one session, and everybody else waits.
   */
  transaction<Result>(scope: Scope, work: (tx: Transaction) => Promise<Result>): Promise<Result>;
  /** Runs a script of several statements outside a transaction (migrations, VACUUM). */
  script(sql: string): Promise<void>;
  /**
   * Holds a session-level lock on the cluster while `work` runs, so that only one process
   * migrates; the embedded engine has no other process, and just runs it.
   */
  exclusively<Result>(key: number, work: (session: Session) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The statements that open a transaction in a scope, as one script: LOCAL settings end with
 * the transaction, so a pooled connection never carries one organisation's scope to another.
 */
export function beginScript(scope: Scope): string {
  if (scope.kind === "system") return "BEGIN; SET LOCAL ROLE slotwire_system";
  if (!uuidPattern.test(scope.orgId)) throw new TypeError("orgId is not a UUID");
  const begin = `BEGIN; SET LOCAL ROLE ${scope.own === null ? "slotwire_app" : "slotwire_staff"}`;
  const inOrg = `${begin}; SET LOCAL app.org_id = '${scope.orgId}'`;
  if (scope.own === null) return inOrg;
  // A script takes no values, and hexadecimal digits need no quoting.
  const hex = Buffer.from(scope.own.providerEmail ?? "").toString("hex");
  return `${inOrg}; SELECT set_config('app.provider_email', convert_from(decode('${hex}', 'hex'), 'UTF8'), true)`;
}
