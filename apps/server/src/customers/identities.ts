import type { Transaction } from "../db/database.ts";
import { sqlStateOf } from "../db/sql-state.ts";
import type { NewIdentity } from "../domain/match-customer.ts";
import { normaliseEmail } from "../domain/normalise-email.ts";
import { normalisePhone } from "../domain/normalise-phone.ts";
import { SlotwireError } from "../errors.ts";
import { phoneCountryOf } from "../ledger/queries.ts";

/** What somebody says of how a customer is recognised; absent says nothing, null takes it away. */
export interface GivenContact {
  readonly email?: string | null | undefined;
  readonly phone?: string | null | undefined;
  readonly external_id?: string | null | undefined;
}

type Kind = NewIdentity["kind"];

/**
 * What is given, in normal form, by its kind; null for what is to be taken away.
 * @param path where it stands in the request
 * @throws SlotwireError E_VALIDATION for an address or a number that cannot be
 */
export async function readContact(
  tx: Transaction,
  orgId: string,
  { email, phone, external_id: externalId }: GivenContact,
  path = "body",
): Promise<Partial<Record<Kind, NewIdentity | null>>> {
  const country = typeof phone === "string" ? await phoneCountryOf(tx, orgId) : null;
  const identity = (
    kind: Kind,
    name: string,
    raw: string | null | undefined,
    norm: string | null,
  ): Partial<Record<Kind, NewIdentity | null>> => {
    if (raw === undefined) return {};
    if (raw === null) return { [kind]: null };
    if (norm === null) throw notOne(`${path}.${name}`, kind);
    return { [kind]: { kind, raw: raw.trim(), norm } };
  };
  return {
    ...identity("email", "email", email, normaliseEmail(email)),
    ...identity("phone", "phone", phone, normalisePhone(phone, country)),
    ...identity("external", "external_id", externalId, externalId?.trim() ?? null),
  };
}

function notOne(path: string, kind: Kind): SlotwireError {
  const message =
    kind === "phone"
      ? "Not a phone number. Write it with its country's code, for example +46 70 123 45 67."
      : "Not an e-mail address.";
  return new SlotwireError("E_VALIDATION", { errors: [{ path, message }] });
}

/** Makes them the ones that people see, in place of those that were. */
export async function replaceIdentities(
  tx: Transaction,
  orgId: string,
  customerId: string,
  given: Partial<Record<Kind, NewIdentity | null>>,
): Promise<void> {
  for (const [kind, identity] of Object.entries(given)) {
    await tx.query(
      `DELETE FROM customer_identity i
        WHERE i.org_id = $1 AND i.customer_id = $2 AND i.kind = $3
          AND ($4 OR i.value_raw = customer_contact($1, $2, $3)
               OR i.kind = 'external' AND i.connection_id IS NULL OR i.value_norm = $5)`,
      [orgId, customerId, kind, identity === null && kind !== "external", identity?.norm ?? null],
    );
    if (identity === null) continue;
    await tx.query(
      `INSERT INTO customer_identity (org_id, customer_id, kind, value_raw, value_norm, is_primary)
       VALUES ($1, $2, $3, $4, $5, true)`,
      [orgId, customerId, kind, identity.raw, identity.norm],
    );
  }
}

/**
 * Runs what gives a customer an address or an id.
 * @throws SlotwireError E_CUSTOMER_EXISTS when it is another customer's
 */
export async function whileTheirs<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (sqlStateOf(error) === "23505") throw new SlotwireError("E_CUSTOMER_EXISTS");
    throw error;
  }
}
