import type { CreateSubject, SubjectResource } from "@slotwire/contract";
import type { Clock } from "../clock.ts";
import { type Database, tenant } from "../db/database.ts";
import { uuid7 } from "../db/uuid7.ts";
import { showSubjectResource } from "../domain/views/show-customer.ts";
import { SlotwireError } from "../errors.ts";
import { auditCustomer } from "./audit-customer.ts";
import type { CustomerCaller } from "./customer-caller.ts";
import { readCustomer, readSubject } from "./customer-queries.ts";
import { whileTheirs } from "./identities.ts";
import { requireContacts } from "./require-contacts.ts";

/**
 * Adds to what a customer has: a pet, a home, a car.
 * @throws SlotwireError E_FORBIDDEN for contact data of which they are shown none; E_VALIDATION for a customer that there is not; E_CUSTOMER_EXISTS when the id
 *   is another's
 */
export async function createSubject(
  { db, clock }: { readonly db: Database; readonly clock: Clock },
  { view, author }: Pick<CustomerCaller, "view" | "author">,
  input: CreateSubject,
): Promise<SubjectResource> {
  requireContacts(view, { external_id: input.external_id });
  const id = uuid7();
  const { orgId } = view;
  const subject = await db.transaction(tenant(orgId, view.own), async (tx) => {
    await readCustomer(tx, view, input.customer_id).catch(() => {
      const errors = [{ path: "body.customer_id", message: "There is no such customer." }];
      throw new SlotwireError("E_VALIDATION", { errors });
    });
    const { customer_id, name, kind = "pet", breed = null, allergies = [] } = input;
    await whileTheirs(() =>
      tx.kysely
        .insertInto("subject")
        .values({
          org_id: orgId,
          id,
          customer_id,
          kind,
          name,
          breed,
          allergies,
          external_id: input.external_id ?? null,
        })
        .execute(),
    );
    const fields = Object.keys(input);
    await auditCustomer(tx, author, { at: clock.now(), action: "subject.created", id, fields });
    return readSubject(tx, view, id);
  });
  return showSubjectResource(subject, view.detail);
}
