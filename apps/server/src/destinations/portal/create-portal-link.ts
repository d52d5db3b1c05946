import type { PortalLink } from "@slotwire/contract";
import { type Author, recordAudit } from "../../access/record-audit.ts";
import { tenant } from "../../db/database.ts";
import type { Detail } from "../../domain/views/view.ts";
import type { DestinationDeps } from "../destination-deps.ts";
import { found, selectDestination } from "../destination-row.ts";
import type { PortalLinkSigner } from "./portal-link-signer.ts";

/** What links to logs are made with. */
export interface PortalDeps extends Pick<DestinationDeps, "db" | "clock"> {
  readonly portalLinks: PortalLinkSigner;
  readonly config: { readonly publicUrl: string };
}

/** For how long a link counts, and how much its maker is shown. */
export interface PortalLinkRequest {
  readonly hours: number;
  readonly detail: Detail;
}

/**
 * Makes a link that shows a destination's log to whoever has it. Its token stands behind the `#`,
 * which browsers send to nobody.
 * @throws SlotwireError E_NOT_FOUND
 */
export async function createPortalLink(
  { db, clock, portalLinks, config }: PortalDeps,
  by: Author,
  id: string,
  { hours, detail }: PortalLinkRequest,
): Promise<PortalLink> {
  const now = clock.now();
  const exp = Math.floor(now.getTime() / 1000) + hours * 60 * 60;
  const expiresAt = new Date(exp * 1000).toISOString();
  const row = await db.transaction(tenant(by.orgId), async (tx) => {
    const destination = found(await selectDestination(tx, id).executeTakeFirst());
    await recordAudit(tx, {
      ...by,
      at: now,
      action: "destination.portal_link_created",
      entityId: id,
      entityName: destination.name,
      new: { expires_at: expiresAt },
    });
    return destination;
  });
  const token = await portalLinks.sign({
    org: by.orgId,
    dst: id,
    gen: row.portal_generation,
    show: detail,
    exp,
  });
  return { url: `${config.publicUrl}/portal#token=${token}`, expires_at: expiresAt };
}
