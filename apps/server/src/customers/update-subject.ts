import type { SubjectResource, UpdateSubject } from "@slotwire/contract";
import type { Clock } from "../clock.ts";
import { type Database, tenant } from "../db/database.ts";
import { showSubjectResource } from "../domain/views/show-customer.ts";
import { SlotwireError } from "../errors.ts";
import { auditCustomer } from "./audit-customer.ts";
import type { CustomerCaller } from "./customer-caller.ts";
import { readSubject, requireVersion } from "./customer-queries.ts";
import { whileTheirs } from "./identities.ts";
import { requireContacts } from "./require-contacts.ts";

/**
 * Changes a subject. One that is inactive is kept with its bookings and offered for no other.
 * @throws SlotwireError E_FORBIDDEN for contact data of which they are shown none; E_NOT_FOUND; E_PRECONDITION; E_CUSTOMER_EXISTS when the id is another's;
 *   E_VALIDATION when nothing is to be changed
 */
export async function updateSubject(
  { db, clock }: { readonly db: Database; readonly clock: Clock },
  { view, author, expectedVersion }: CustomerCaller,
  id: string,
  { inactive, ...input }: UpdateSubject,
): Promise<SubjectResource> {
  const changes = Object.fromEntries(
    Object.entries(input).filter(([, value]) => value !== undefined),
  );
  const fields = [...Object.keys(changes), ...(inactive === undefined ? [] : ["inactive"])];
  if (fields.length === 0) {
    throw new SlotwireError("E_VALIDATION", {
      errors: [{ path: "body", message: "Name at least one field to change." }],
    });
  }
  requireContacts(view, { external_id: input.external_id });
  const { orgId } = view;
  const now = clock.now();
  const subject = await db.transaction(tenant(orgId, view.own), async (tx) => {
    await tx.query("SELECT FROM subject WHERE org_id = $1 AND id = $2 FOR NO KEY UPDATE", [
      orgId,
      id,
    ]);
    const old = await readSubject(tx, view, id);
    requireVersion(old, expectedVersion);
    const since = inactive === false ? null : (old.inactive_at ?? now);
    await whileTheirs(() =>
      tx.kysely
        .updateTable("subject")
        .set({
          ...changes,
          ...(inactive === undefined ? {} : { inactive_at: since }),
          version: old.version + 1,
          updated_at: now,
        })
        .where("org_id", "=", orgId)
        .where("id", "=", id)
        .execute(),
    );
    await auditCustomer(tx, author, { at: now, action: "subject.changed", id, fields });
    return readSubject(tx, view, id);
  });
  return showSubjectResource(subject, view.detail);
}
