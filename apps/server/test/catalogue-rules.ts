import type { Queryable } from "../src/db/database.ts";

/*
 * The rules of tenancy, read from the database's own catalogue. Each query names what breaks one.
 *
 * Glossary. A *tenant table* has a column `org_id`; a *shared table* has none, and is in the list
 * below with the reason why it belongs to no organisation.
 */

/** Tables without `org_id`, and why. No tenant transaction sees them, except where it says so. */
export const sharedTables: Readonly<Record<string, string>> = {
  organisation: "is the organisation; a tenant reads its own row",
  app_user: "a person may be a member of several organisations",
  session: "is found by its token, before the organisation is known",
  sign_in_link: "is found by its token, before the organisation is known",
  stream_ticket: "is found by its token, before the organisation is known",
  recovery_code: "belongs to a person",
  user_identity: "is found by what a sign-in provider says, before the organisation is known",
  attempt_throttle: "counts attempts before anybody is known",
  schedule: "work of the hub itself",
  key_check: "the master key is the hub's",
  hub_process: "the hub itself",
  schema_migration: "the state of the schema",
};

/** The shared tables that tenant tables may refer to, beside their `organisation`. */
const referableTables: readonly string[] = ["app_user"];

const shared = Object.keys(sharedTables)
  .map((name) => `'${name}'`)
  .join(", ");
const referable = referableTables.map((name) => `'${name}'`).join(", ");
/** The roles that work with the tables. */
const workers = "'slotwire_app', 'slotwire_system', 'slotwire_ledger', 'slotwire_staff'";
const tenantPolicy = "(org_id = ( SELECT app_org() AS app_org))";

const tables = `
  tables AS (
    SELECT c.oid, c.relname AS name, c.relrowsecurity, c.relforcerowsecurity, c.relowner,
           a.attnum AS org, a.attnotnull AS org_required
      FROM pg_class c
      LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'org_id' AND a.attnum > 0
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p'))`;

/** Each selects a column `violation`. */
const rules: readonly string[] = [
  `SELECT name || ' has no org_id and is not listed as shared' AS violation
     FROM tables WHERE org IS NULL AND name NOT IN (${shared})`,

  `SELECT name || '.org_id may be null' FROM tables WHERE NOT org_required`,

  `SELECT name || ' has no primary key' FROM tables
    WHERE NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = tables.oid AND i.indisprimary)`,

  `SELECT 'unique key ' || i.indexrelid::regclass || ' does not start with org_id'
     FROM tables JOIN pg_index i ON i.indrelid = tables.oid
    WHERE org IS NOT NULL AND (i.indisunique OR i.indisexclusion) AND i.indkey[0] <> org`,

  `SELECT name || ' does not force row-level security' FROM tables
    WHERE name <> 'schema_migration' AND NOT (relrowsecurity AND relforcerowsecurity)`,

  `SELECT name || ' belongs to a role that works with it' FROM tables
    WHERE pg_get_userbyid(relowner) IN (${workers})`,

  `SELECT name || ' has no tenant policy' FROM tables
    WHERE org IS NOT NULL AND NOT EXISTS (
      SELECT FROM pg_policy p
       WHERE p.polrelid = tables.oid AND p.polroles = ARRAY['slotwire_app'::regrole::oid]
         AND p.polpermissive AND p.polcmd = '*'
         AND pg_get_expr(p.polqual, p.polrelid) = '${tenantPolicy}'
         AND pg_get_expr(p.polwithcheck, p.polrelid) = '${tenantPolicy}')`,

  `SELECT 'policy ' || p.polname || ' on ' || name || ' opens it to slotwire_app or to everybody'
     FROM tables JOIN pg_policy p ON p.polrelid = tables.oid
    WHERE p.polpermissive AND p.polroles && ARRAY['slotwire_app'::regrole::oid, 0]
      AND CASE WHEN name = 'organisation'
          THEN p.polcmd <> 'r' OR pg_get_expr(p.polqual, p.polrelid)
                 <> '(id = ( SELECT app_org() AS app_org))'
          ELSE org IS NULL
            OR coalesce(pg_get_expr(p.polqual, p.polrelid), '') <> '${tenantPolicy}'
            OR coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '') <> '${tenantPolicy}' END`,

  // What speaks of a booking is narrowed for staff, to their own bookings or to none.
  `SELECT name || ' is not narrowed for staff' FROM tables
    WHERE org IS NOT NULL
      AND (name = 'booking' OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = tables.oid
             AND a.attname IN ('booking_id', 'delivery_id') AND NOT a.attisdropped))
      AND NOT EXISTS (
        SELECT FROM pg_policy p
         WHERE p.polrelid = tables.oid AND p.polroles = ARRAY['slotwire_staff'::regrole::oid]
           AND NOT p.polpermissive AND p.polcmd = '*')`,

  `SELECT name || ' is open to slotwire_app' FROM tables
    WHERE org IS NULL AND has_any_column_privilege('slotwire_app', oid,
            CASE name WHEN 'organisation' THEN 'INSERT, UPDATE, REFERENCES'
                      ELSE 'SELECT, INSERT, UPDATE, REFERENCES' END)`,

  // Foreign keys are checked without row-level security: one on id alone reaches other tenants.
  `SELECT 'foreign key ' || f.conname || ' of ' || tables.name || ' does not carry org_id'
     FROM tables JOIN pg_constraint f ON f.conrelid = tables.oid AND f.contype = 'f'
     JOIN tables target ON target.oid = f.confrelid
    WHERE tables.org IS NOT NULL AND target.name NOT IN (${referable})
      AND CASE WHEN target.name = 'organisation' THEN f.conkey <> ARRAY[tables.org]
               ELSE target.org IS NULL OR tables.org <> ALL (f.conkey)
                 OR array_position(f.conkey, tables.org)
                    IS DISTINCT FROM array_position(f.confkey, target.org) END`,

  `SELECT 'foreign key ' || f.conname || ' of ' || tables.name || ' clears org_id on delete'
     FROM tables JOIN pg_constraint f ON f.conrelid = tables.oid AND f.contype = 'f'
    WHERE org IS NOT NULL AND f.confdeltype IN ('n', 'd')
      AND (f.confdelsetcols IS NULL OR org = ANY (f.confdelsetcols))`,

  `SELECT 'view ' || c.relname || ' runs as its owner'
     FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'v'
      AND NOT coalesce(c.reloptions, '{}') && '{security_invoker=true,security_invoker=on}'`,

  // Row-level security does not exist on these.
  `SELECT c.relname || ' is open to slotwire_app and cannot be protected'
     FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('m', 'f')
      AND has_any_column_privilege('slotwire_app', c.oid, 'SELECT')`,

  `SELECT 'function ' || f.oid::regprocedure || ' runs as ' || pg_get_userbyid(f.proowner)
     FROM definers f WHERE pg_get_userbyid(f.proowner) NOT IN (${workers})`,

  `SELECT 'function ' || f.oid::regprocedure || ' has no search_path of its own'
     FROM definers f WHERE NOT coalesce(f.proconfig, '{}') && '{"search_path=public, pg_temp"}'`,

  // A trigger function cannot be called.
  `SELECT 'function ' || f.oid::regprocedure || ' runs as its owner for everybody'
     FROM definers f, aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) acl
    WHERE f.prorettype <> 'trigger'::regtype AND acl.grantee = 0`,

  `SELECT 'function ' || f.oid::regprocedure || ' lets slotwire_app act as slotwire_system'
     FROM definers f
    WHERE f.prorettype <> 'trigger'::regtype AND f.proowner = 'slotwire_system'::regrole
      AND has_function_privilege('slotwire_app', f.oid, 'EXECUTE')`,

  `SELECT 'role ' || rolname || ' can get around row-level security'
     FROM pg_roles WHERE rolname IN (${workers})
      AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcanlogin)`,
];

const definers = `
  definers AS (
    SELECT * FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef)`;

/** Everything in the schema that breaks a rule, in words. */
export async function findViolations(db: Queryable): Promise<string[]> {
  const rows = await db.query<{ violation: string }>(
    `WITH ${tables}, ${definers} ${rules.join("\nUNION ALL\n")}`,
  );
  return rows.map((row) => row.violation).toSorted();
}

/** The names of all tenant tables. */
export async function tenantTables(db: Queryable): Promise<string[]> {
  const rows = await db.query<{ name: string }>(
    `WITH ${tables} SELECT name FROM tables WHERE org IS NOT NULL ORDER BY name`,
  );
  return rows.map((row) => row.name);
}
