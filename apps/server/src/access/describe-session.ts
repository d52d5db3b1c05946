import type { OrganisationResource, SessionResource } from "@slotwire/contract";
import { system } from "../db/database.ts";
import { SlotwireError } from "../errors.ts";
import type { Principal } from "./principal.ts";
import type { AccessDeps } from "./session-lifetime.ts";

/**
 * What a signed-in person is told about the session: who, where, and where else they belong.
 * @throws SlotwireError E_FORBIDDEN when the principal is not a person
 */
export async function describeSession(
  { db }: AccessDeps,
  principal: Principal,
): Promise<SessionResource> {
  if (principal.kind !== "user") {
    throw new SlotwireError("E_FORBIDDEN", { detail: "An API key has no session." });
  }
  const { email, organisations } = await db.transaction(system, async (tx) => ({
    email: (
      await tx.query<{ email: string | null }>("SELECT email FROM app_user WHERE id = $1", [
        principal.id,
      ])
    )[0]?.email,
    organisations: await tx.query<OrganisationResource>(
      `SELECT o.id, o.slug, o.name, o.time_zone
         FROM membership m JOIN organisation o ON o.id = m.org_id
        WHERE m.user_id = $1 ORDER BY o.name, o.id`,
      [principal.id],
    ),
  }));
  const organisation = organisations.find(({ id }) => id === principal.orgId);
  if (organisation === undefined) throw new SlotwireError("E_UNAUTHENTICATED");
  return {
    user: { id: principal.id, name: principal.name, email: email ?? null },
    role: principal.role,
    organisation,
    organisations,
  };
}
