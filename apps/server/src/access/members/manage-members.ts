import type { Role } from "@slotwire/contract";
import type { Queryable } from "../../db/database.ts";
import { SlotwireError } from "../../errors.ts";
import { type Asker, can, grantOf } from "../can.ts";
import type { Origin, Principal } from "../principal.ts";
import { type Author, auditActor } from "../record-audit.ts";

/** Who changes members or invitations, and from where. */
export interface Caller {
  readonly principal: Principal;
  readonly origin: Origin;
}

/** The caller as the audit log keeps it. */
export function authorOf({ principal, origin }: Caller): Author {
  return { orgId: principal.orgId, actor: auditActor(principal), origin };
}

/**
 * Lets one change of an organisation's members happen at a time: what is read behind this lock
 * stays true until the commit. Rows that refer to the organisation can still be written.
 * @param tx in the scope of the system
 */
export async function lockMembers(tx: Queryable, orgId: string): Promise<void> {
  await tx.query("SELECT FROM organisation WHERE id = $1 FOR NO KEY UPDATE", [orgId]);
}

/**
 * What the caller may do at this very moment: the role may have changed since the request began.
 * @param tx behind `lockMembers`
 * @throws SlotwireError E_FORBIDDEN when the caller is no member any more
 */
export async function askerNow(tx: Queryable, { principal }: Caller): Promise<Asker> {
  if (principal.kind !== "user") return principal;
  const [row] = await tx.query<{ role: Role }>(
    "SELECT role FROM membership WHERE org_id = $1 AND user_id = $2",
    [principal.orgId, principal.id],
  );
  if (row === undefined) throw new SlotwireError("E_FORBIDDEN");
  return { role: row.role, scopes: null };
}

/** Whether the asker may give `role` to somebody, or change what somebody of that role has. */
export function mayManage(asker: Asker, role: Role): boolean {
  return can(asker, "members:manage") && (role !== "owner" || can(asker, "owners:manage"));
}

/**
 * @param touched the roles that are given, taken or invited to
 * @throws SlotwireError E_FORBIDDEN when one of them is beyond the asker
 */
export function requireManagement(asker: Asker, touched: readonly Role[]): void {
  const mayAll = touched.every((role) => mayManage(asker, role));
  if (mayAll && can(asker, "members:manage")) return;
  const detail = can(asker, "members:manage")
    ? "Only an owner may make, change or remove owners."
    : `The role ${asker.role} does not include members:manage.`;
  throw new SlotwireError("E_FORBIDDEN", { detail });
}

/** @throws SlotwireError E_FORBIDDEN when the organisation's keys are not the asker's to end */
export function requireKeyManagement(asker: Asker): void {
  if (grantOf(asker, "keys:manage") === "all") return;
  throw new SlotwireError("E_FORBIDDEN", {
    detail: `The role ${asker.role} does not include revoking the organisation's keys.`,
  });
}

/**
 * @param tx behind `lockMembers`
 * @throws SlotwireError E_LAST_OWNER when nobody but `userId` could act as an owner
 */
export async function requireAnotherOwner(
  tx: Queryable,
  orgId: string,
  userId: string,
): Promise<void> {
  const [other] = await tx.query(
    `SELECT FROM membership m JOIN app_user u ON u.id = m.user_id
      WHERE m.org_id = $1 AND m.user_id <> $2 AND m.role = 'owner' AND u.disabled_at IS NULL
      LIMIT 1`,
    [orgId, userId],
  );
  if (other === undefined) throw new SlotwireError("E_LAST_OWNER");
}
