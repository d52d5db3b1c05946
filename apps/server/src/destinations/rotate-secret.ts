import type { DestinationWithSecret } from "@slotwire/contract";
import type { Author } from "../access/record-audit.ts";
import { tenant } from "../db/database.ts";
import { openedOrNull } from "../db/secret-box.ts";
import { SlotwireError } from "../errors.ts";
import { auditDestination } from "./audit-destination.ts";
import type { DestinationDeps } from "./destination-deps.ts";
import { found, toDestination } from "./destination-row.ts";
import { newSecret } from "./new-secret.ts";

/** For how long messages are signed with the old secret too, in milliseconds. */
const OVERLAP = 24 * 60 * 60 * 1000;

/**
 * Gives a destination a new signing secret. For 24 hours every message carries the signatures of
 * both, so that the receiver can change over without losing one. Within them there is no third.
 * @param endsOverlap whether the secret before the present one may stop signing at once
 * @returns it, with the new secret, which is shown this once
 * @throws SlotwireError E_NOT_FOUND
 * @throws SlotwireError E_SECRET_OVERLAP
 */
export async function rotateSecret(
  { db, clock, secretBox }: Pick<DestinationDeps, "db" | "clock" | "secretBox">,
  by: Author,
  id: string,
  endsOverlap = false,
): Promise<DestinationWithSecret> {
  const secret = newSecret();
  const row = await db.transaction(tenant(by.orgId), async (tx) => {
    const { secret_sealed: before, previous_secret_until: until } = found(
      await tx.kysely
        .selectFrom("destination")
        .select(["secret_sealed", "previous_secret_until"])
        .where("id", "=", id)
        .where("deleted_at", "is", null)
        .forNoKeyUpdate()
        .executeTakeFirst(),
    );
    // One that cannot be opened signs nothing.
    const counts = openedOrNull(secretBox, before) !== null;
    if (counts && !endsOverlap && until !== null && until > clock.now()) {
      const detail = `It signs until ${until.toISOString()}, beside the present one. A third secret would end that now.`;
      throw new SlotwireError("E_SECRET_OVERLAP", { detail });
    }
    const fresh = await tx.kysely
      .updateTable("destination")
      .set({
        previous_secret_sealed: counts ? before : null,
        previous_secret_until: counts ? new Date(clock.now().getTime() + OVERLAP) : null,
        secret_sealed: secretBox.seal(secret),
      })
      .where("id", "=", id)
      .returningAll()
      .executeTakeFirstOrThrow();
    await auditDestination(tx, by, clock.now(), "secret_rotated", { old: fresh, fresh });
    return fresh;
  });
  return { ...toDestination(row), secret };
}
