import type { CustomerDetail, UpdateCustomer } from "@slotwire/contract";
import type { Clock } from "../clock.ts";
import { type Database, tenant } from "../db/database.ts";
import { splitName } from "../domain/split-name.ts";
import { showCustomerDetail } from "../domain/views/show-customer.ts";
import { SlotwireError } from "../errors.ts";
import { auditCustomer } from "./audit-customer.ts";
import type { CustomerCaller } from "./customer-caller.ts";
import { readCustomer, requireVersion } from "./customer-queries.ts";
import { readContact, replaceIdentities, whileTheirs } from "./identities.ts";
import { requireContacts } from "./require-contacts.ts";

/** Which fields a message may no longer fill once a person has set one. */
const editedAs: Readonly<Record<string, string>> = {
  name: "name",
  first_name: "name",
  last_name: "name",
  email: "email",
  phone: "phone",
};

/**
 * Changes a customer. From then on messages leave the changed fields alone.
 * @throws SlotwireError E_FORBIDDEN for contact data of which they are shown none; E_NOT_FOUND; E_PRECONDITION; E_CUSTOMER_EXISTS when the e-mail address or
 *   the id is another customer's; E_VALIDATION when nothing is to be changed, or for a number that
 *   cannot be
 */
export async function updateCustomer(
  { db, clock }: { readonly db: Database; readonly clock: Clock },
  { view, author, expectedVersion }: CustomerCaller,
  id: string,
  input: UpdateCustomer,
): Promise<CustomerDetail> {
  const fields = Object.keys(input).filter(
    (name) => input[name as keyof UpdateCustomer] !== undefined,
  );
  if (fields.length === 0) {
    throw new SlotwireError("E_VALIDATION", {
      errors: [{ path: "body", message: "Name at least one field to change." }],
    });
  }
  requireContacts(view, input);
  const { orgId } = view;
  const customer = await db.transaction(tenant(orgId, view.own), async (tx) => {
    await tx.query("SELECT FROM customer WHERE org_id = $1 AND id = $2 FOR NO KEY UPDATE", [
      orgId,
      id,
    ]);
    requireVersion(await readCustomer(tx, view, id), expectedVersion);
    const identities = await readContact(tx, orgId, input);
    const edited = new Set(fields.flatMap((name) => editedAs[name] ?? []));
    await tx.query(
      `UPDATE customer SET version = version + 1, updated_at = $3,
          edited_fields = ARRAY(SELECT DISTINCT unnest(edited_fields || $4::text[])),
          display_name = CASE WHEN $5::jsonb ? 'name' THEN $5::jsonb ->> 'name'
                              ELSE display_name END,
          first_name = CASE WHEN $5::jsonb ? 'first_name' THEN $5::jsonb ->> 'first_name'
                            ELSE first_name END,
          last_name = CASE WHEN $5::jsonb ? 'last_name' THEN $5::jsonb ->> 'last_name'
                           ELSE last_name END,
          tags = CASE WHEN $5::jsonb ? 'tags'
                      THEN ARRAY(SELECT jsonb_array_elements_text($5::jsonb -> 'tags'))
                      ELSE tags END
        WHERE org_id = $1 AND id = $2`,
      [orgId, id, clock.now(), [...edited], JSON.stringify(withParts(input))],
    );
    await whileTheirs(() => replaceIdentities(tx, orgId, id, identities));
    await auditCustomer(tx, author, { at: clock.now(), action: "customer.changed", id, fields });
    return readCustomer(tx, view, id);
  });
  return showCustomerDetail(customer, view.detail);
}

/** A new name brings its parts, unless they are given too. */
function withParts(input: UpdateCustomer): UpdateCustomer {
  if (input.name === undefined) return input;
  const { firstName, lastName } = splitName(input.name);
  return { first_name: firstName, last_name: lastName, ...input };
}
