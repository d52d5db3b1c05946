import type { CreateCustomer, CustomerDetail } from "@slotwire/contract";
import type { Clock } from "../clock.ts";
import { type Database, tenant, type Transaction } from "../db/database.ts";
import { uuid7 } from "../db/uuid7.ts";
import { splitName } from "../domain/split-name.ts";
import { SlotwireError } from "../errors.ts";
import { idOfKey } from "../ledger/id-of-key.ts";
import { auditCustomer } from "./audit-customer.ts";
import type { CustomerCaller } from "./customer-caller.ts";
import { readCustomer } from "./customer-queries.ts";
import { readContact, replaceIdentities, whileTheirs } from "./identities.ts";
import { requireContacts } from "./require-contacts.ts";

/**
 * Creates a customer.
 * @param idempotencyKey makes a repeated request create nothing; null when the caller does not care
 * @returns them, and whether an earlier request had created them
 * @throws SlotwireError E_FORBIDDEN for contact data of which they are shown none; E_CUSTOMER_EXISTS when the e-mail address or the id is another customer's;
 *   E_VALIDATION for a number that cannot be; E_IDEMPOTENCY_KEY when the key was used for another
 */
export async function createCustomer(
  { db, clock }: { readonly db: Database; readonly clock: Clock },
  { view, author }: Pick<CustomerCaller, "view" | "author">,
  input: CreateCustomer,
  idempotencyKey: string | null,
): Promise<{ customer: CustomerDetail; replayed: boolean }> {
  requireContacts(view, input);
  const { orgId, actor } = author;
  const id =
    idempotencyKey === null
      ? uuid7()
      : idOfKey([orgId, actor.kind, actor.id, "customer", idempotencyKey]);
  return db.transaction(tenant(orgId), async (tx) => {
    const first = idempotencyKey === null ? null : await readFirst(tx, orgId, id);
    if (first !== null) {
      if (first !== input.name) throw new SlotwireError("E_IDEMPOTENCY_KEY");
      return { customer: await readCustomer(tx, view, id), replayed: true };
    }
    const identities = await readContact(tx, orgId, input);
    await whileTheirs(async () => {
      await insertCustomer(tx, orgId, id, input);
      await replaceIdentities(tx, orgId, id, identities);
    });
    const fields = Object.keys(input);
    await auditCustomer(tx, author, { at: clock.now(), action: "customer.created", id, fields });
    return { customer: await readCustomer(tx, view, id), replayed: false };
  });
}

async function readFirst(tx: Transaction, orgId: string, id: string): Promise<string | null> {
  const [row] = await tx.query<{ display_name: string }>(
    "SELECT display_name FROM customer WHERE org_id = $1 AND id = $2",
    [orgId, id],
  );
  return row?.display_name ?? null;
}

async function insertCustomer(
  tx: Transaction,
  orgId: string,
  id: string,
  input: CreateCustomer,
): Promise<void> {
  const parts = splitName(input.name);
  await tx.kysely
    .insertInto("customer")
    .values({
      org_id: orgId,
      id,
      display_name: input.name,
      first_name: input.first_name === undefined ? parts.firstName : input.first_name,
      last_name: input.last_name === undefined ? parts.lastName : input.last_name,
      tags: input.tags ?? [],
      edited_fields: ["name"],
      source: "user",
    })
    .execute();
}
