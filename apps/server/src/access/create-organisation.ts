import { randomUUID } from "node:crypto";
import { system } from "../db/database.ts";
import { SlotwireError } from "../errors.ts";
import { type Admitted, createAdmin } from "./create-admin.ts";
import { DEMO_SLUG } from "./demo-slug.ts";
import { commandLine, noOrigin, recordAudit } from "./record-audit.ts";
import type { AccessDeps } from "./session-lifetime.ts";

/** The organisation that the operator opens, and who is to own it. */
export interface OrganisationRequest {
  /** Lower case letters, digits and hyphens: part of addresses. */
  readonly slug: string;
  readonly name: string;
  /** IANA name; the organisation's days begin at midnight in it. */
  readonly timeZone: string;
  /** In lower case. Somebody known keeps the account and is in both organisations. */
  readonly ownerEmail: string;
}

/**
 * Opens an organisation with its owner, and makes a link that signs the owner in once. One that was
 * left without an owner, because the work was broken off, is finished.
 * @returns the link's token, which is stored nowhere, and what `createAdmin` tells of the account
 * @throws SlotwireError E_CONFIG when the slug is taken or the demo's, or the owner's account is disabled
 */
export async function createOrganisation(
  deps: AccessDeps,
  { slug, name, timeZone, ownerEmail }: OrganisationRequest,
): Promise<Admitted & { readonly orgId: string; readonly token: string }> {
  if (slug === DEMO_SLUG) {
    throw wrong(`The slug ${slug} is kept for the demo, which makes an organisation of its own.`);
  }
  const orgId = await deps.db.transaction(system, async (tx) => {
    const [disabled] = await tx.query(
      "SELECT FROM app_user WHERE lower(email) = $1 AND disabled_at IS NOT NULL",
      [ownerEmail],
    );
    if (disabled !== undefined) throw wrong(`The account of ${ownerEmail} is disabled.`);
    const [created] = await tx.query<{ id: string }>(
      `INSERT INTO organisation (id, slug, name, time_zone) VALUES ($1, $2, $3, $4)
       ON CONFLICT (slug) DO NOTHING RETURNING id`,
      [randomUUID(), slug, name, timeZone],
    );
    if (created !== undefined) {
      await recordAudit(tx, {
        orgId: created.id,
        actor: commandLine,
        origin: noOrigin,
        at: deps.clock.now(),
        action: "organisation.created",
        entityId: created.id,
        entityName: name,
        new: { slug, name, time_zone: timeZone },
      });
      return created.id;
    }
    const [unowned] = await tx.query<{ id: string }>(
      `SELECT o.id FROM organisation o
        WHERE o.slug = $1
          AND NOT EXISTS (SELECT FROM membership m WHERE m.org_id = o.id AND m.role = 'owner')`,
      [slug],
    );
    if (unowned === undefined) throw wrong(`There is an organisation ${slug} already.`);
    return unowned.id;
  });
  const owner = { orgId, email: ownerEmail, name: null, role: "owner" } as const;
  return { orgId, ...(await createAdmin(deps, owner)) };
}

const wrong = (detail: string): SlotwireError => new SlotwireError("E_CONFIG", { detail });
