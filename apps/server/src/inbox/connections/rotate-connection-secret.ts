import { sql } from "kysely";
import type { Clock } from "../../clock.ts";
import { type Database, tenant, type Transaction } from "../../db/database.ts";
import type { SecretBox } from "../../db/secret-box.ts";
import { SlotwireError } from "../../errors.ts";
import { newSecret, SECRET_OVERLAP } from "./new-secret.ts";

/**
 * Gives a connection a new secret. For 24 hours the old one counts too, so that there is time to
 * change it at the source.
 * @returns the new secret, which is shown this once
 * @throws SlotwireError E_NOT_FOUND
 * @throws SlotwireError E_ENVIRONMENT when the secret is a setting of the environment
 */
export async function rotateConnectionSecret(
  deps: { readonly db: Database; readonly clock: Clock; readonly secretBox: SecretBox },
  orgId: string,
  id: string,
): Promise<{ id: string; secret: string }> {
  const secret = newSecret();
  await deps.db.transaction(tenant(orgId), async (tx) => {
    const connection = await tx.kysely
      .selectFrom("connection")
      .select("origin")
      .where("org_id", "=", orgId)
      .where("id", "=", id)
      .forUpdate()
      .executeTakeFirst();
    if (connection === undefined) throw new SlotwireError("E_NOT_FOUND");
    if (connection.origin === "environment") throw new SlotwireError("E_ENVIRONMENT");
    await replaceSecret(tx, {
      orgId,
      id,
      sealed: deps.secretBox.seal(secret),
      now: deps.clock.now(),
    });
  });
  return { id, secret };
}

/** Puts a secret in the place of the one before, which counts for another while. */
export async function replaceSecret(
  tx: Transaction,
  to: {
    readonly orgId: string;
    readonly id: string;
    readonly sealed: Uint8Array;
    readonly now: Date;
  },
): Promise<void> {
  await tx.kysely
    .updateTable("connection")
    .set({
      previous_secret_sealed: sql<Uint8Array | null>`secret_sealed`,
      previous_secret_until: new Date(to.now.getTime() + SECRET_OVERLAP),
      secret_sealed: to.sealed,
    })
    .where("org_id", "=", to.orgId)
    .where("id", "=", to.id)
    .execute();
}
