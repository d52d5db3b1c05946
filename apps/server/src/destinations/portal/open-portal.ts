import type {
  DeliveryAttemptResource,
  List,
  PortalDelivery,
  PortalResource,
} from "@slotwire/contract";
import { type Transaction, tenant } from "../../db/database.ts";
import { SlotwireError } from "../../errors.ts";
import type { DestinationDeps } from "../destination-deps.ts";
import { selectDeliveries, toDelivery } from "../delivery-row.ts";
import { found, selectDestination } from "../destination-row.ts";
import { listDeliveryAttempts } from "../list-delivery-attempts.ts";
import { type Page, pageOf, type PageRequest } from "../page.ts";
import type { PortalClaims, PortalLinkSigner } from "./portal-link-signer.ts";

export interface OpenPortalDeps extends Pick<DestinationDeps, "db"> {
  readonly portalLinks: PortalLinkSigner;
}

/** What a link lets its holder read: one destination's log, and nothing else. */
export interface Portal {
  about(): Promise<PortalResource>;
  /** The newest first. What its filter holds back is none of the receiver's business. */
  deliveries(page: PageRequest): Promise<Page<PortalDelivery>>;
  /** @throws SlotwireError E_NOT_FOUND when it is not this destination's */
  attempts(deliveryId: string): Promise<List<DeliveryAttemptResource>>;
}

/**
 * Opens the log that a link's token stands for.
 * @param token null when none was shown
 * @throws SlotwireError E_PORTAL_LINK when it is none, over or taken back
 */
export async function openPortal(deps: OpenPortalDeps, token: string | null): Promise<Portal> {
  const claims = token === null ? null : await deps.portalLinks.read(token);
  if (claims === null) throw new SlotwireError("E_PORTAL_LINK");
  const read = <Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> =>
    deps.db.transaction(tenant(claims.org), async (tx) => {
      await requireCurrent(tx, claims);
      return work(tx);
    });
  await read(async () => undefined);
  return {
    about: () => read((tx) => describe(tx, claims)),
    deliveries: (page) => read((tx) => listOwn(tx, claims, page)),
    async attempts(deliveryId) {
      await read((tx) => requireOwn(tx, claims, deliveryId));
      const view = { orgId: claims.org, detail: claims.show, own: null };
      return listDeliveryAttempts(deps, view, deliveryId);
    },
  };
}

async function requireCurrent(tx: Transaction, { dst, gen }: PortalClaims): Promise<void> {
  const row = await selectDestination(tx, dst).executeTakeFirst();
  if (row?.portal_generation !== gen) throw new SlotwireError("E_PORTAL_LINK");
}

async function describe(tx: Transaction, { org, dst, exp }: PortalClaims): Promise<PortalResource> {
  const organisation = found(
    await tx.kysely
      .selectFrom("organisation")
      .select(["name", "time_zone"])
      .where("id", "=", org)
      .executeTakeFirst(),
  );
  const { name } = found(await selectDestination(tx, dst).executeTakeFirst());
  return {
    organisation: organisation.name,
    destination: name,
    time_zone: organisation.time_zone,
    expires_at: new Date(exp * 1000).toISOString(),
  };
}

/** What was sent to the destination of a link, or is going to be. */
const selectOwn = (tx: Transaction, { dst }: PortalClaims) =>
  selectDeliveries(tx)
    .where("delivery.destination_id", "=", dst)
    .where("delivery.status", "<>", "skipped");

async function listOwn(
  tx: Transaction,
  claims: PortalClaims,
  { limit, before }: PageRequest,
): Promise<Page<PortalDelivery>> {
  let query = selectOwn(tx, claims)
    .orderBy("delivery.id", "desc")
    .limit(limit + 1);
  if (before !== null) query = query.where("delivery.id", "<", before);
  const rows = await query.execute();
  return pageOf(
    rows.map((row) => toPortalDelivery(toDelivery(row))),
    limit,
  );
}

async function requireOwn(tx: Transaction, claims: PortalClaims, id: string): Promise<void> {
  found(await selectOwn(tx, claims).where("delivery.id", "=", id).executeTakeFirst());
}

function toPortalDelivery(delivery: ReturnType<typeof toDelivery>): PortalDelivery {
  return {
    id: delivery.id,
    webhook_id: `msg_${delivery.replay_of ?? delivery.id}`,
    event_type: delivery.event_type,
    status: delivery.status,
    is_replay: delivery.replay_of !== null,
    attempt_count: delivery.attempt_count,
    last_status_code: delivery.last_status_code,
    error_class: delivery.error_class,
    next_attempt_at: delivery.next_attempt_at,
    delivered_at: delivery.delivered_at,
    created_at: delivery.created_at,
  };
}
