import type { CustomerResource } from "@slotwire/contract";
import { type Database, tenant } from "../db/database.ts";
import { normaliseEmail } from "../domain/normalise-email.ts";
import { showCustomer } from "../domain/views/show-customer.ts";
import type { View } from "../domain/views/view.ts";
import { ownCustomer } from "./customer-queries.ts";

/**
 * Lists customers by name, as the view shows them.
 * @param q part of a name, or of what is theirs; for whoever sees contact data, also the beginning
 *   of an address, of a phone number or of an id. Others cannot find anybody by what is hidden.
 * @param after id of the last customer of the page before; null for the first page
 * @returns at most `limit` customers, and the id to go on from, or null on the last page
 */
export async function listCustomers(
  { db }: { readonly db: Database },
  view: View,
  q: string | undefined,
  page: { readonly limit: number; readonly after: string | null },
): Promise<{ customers: CustomerResource[]; next: string | null }> {
  const { orgId, own, detail } = view;
  const values: unknown[] = [orgId];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const conditions = ["c.org_id = $1", "c.merged_into IS NULL"].concat(
    ownCustomer(view, "c.id", bind),
    q === undefined || q === "" ? [] : [matching(view, q, bind)],
    page.after === null
      ? []
      : [
          `(lower(c.display_name), c.id) > (SELECT lower(display_name), id FROM customer
             WHERE org_id = $1 AND id = ${bind(page.after)})`,
        ],
  );
  const rows = await db.transaction(tenant(orgId, own), (tx) =>
    tx.query<{ customer: CustomerResource }>(
      `SELECT customer_resource(c) AS customer FROM customer c
        WHERE ${conditions.join("\n          AND ")}
        ORDER BY lower(c.display_name), c.id
        LIMIT ${page.limit + 1}`,
      values,
    ),
  );
  const shown = rows.slice(0, page.limit);
  return {
    customers: shown.map(({ customer }) => showCustomer(customer, detail)),
    next: rows.length > page.limit ? (shown.at(-1)?.customer.id ?? null) : null,
  };
}

const escaped = (text: string): string => text.replaceAll(/[\\%_]/g, String.raw`\$&`);

function matching({ detail }: View, q: string, bind: (value: unknown) => string): string {
  if (detail === "ids") return "false";
  const part = bind(`%${escaped(q.toLowerCase())}%`);
  const names = `lower(c.display_name COLLATE slotwire_words) LIKE ${part}`;
  const subjects = `EXISTS (SELECT FROM subject s WHERE s.org_id = $1 AND s.customer_id = c.id
                              AND lower(s.name COLLATE slotwire_words) LIKE ${part}`;
  // A name may be an address or a number: what is masked in it is not to be searched for.
  if (detail === "masked") {
    return `(${names} AND c.display_name !~ '[@0-9]' OR ${subjects} AND s.name !~ '[@0-9]'))`;
  }
  const beginnings = [q.toLowerCase(), normaliseEmail(q), numberIn(q)].filter(
    (text): text is string => text !== null,
  );
  const identities = beginnings.map((text) => `i.value_norm LIKE ${bind(`${escaped(text)}%`)}`);
  const digits = digitsIn(q);
  if (digits !== null) identities.push(`i.value_norm LIKE ${bind(`%${digits}%`)}`);
  return `(${names} OR ${subjects}) OR EXISTS (SELECT FROM customer_identity i
            WHERE i.org_id = $1 AND i.customer_id = c.id AND (${identities.join(" OR ")})))`;
}

/** A phone number as far as it has been typed, as identities have it. */
const numberIn = (q: string): string | null =>
  /^\+[\d\s()-]+$/.test(q) ? `+${q.replaceAll(/\D/g, "")}` : null;

/** The digits of a number that was typed as it is dialled at home, without the zero before it. */
const digitsIn = (q: string): string | null => {
  const digits = /^[\d\s()/-]+$/.test(q) ? q.replaceAll(/\D/g, "").replace(/^0+/, "") : "";
  return digits.length >= 4 ? digits : null;
};
