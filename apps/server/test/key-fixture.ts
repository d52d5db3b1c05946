import { randomUUID } from "node:crypto";
import { createApiKeySchema, type CreateApiKey, type Role } from "@slotwire/contract";
import { createApiKey } from "../src/access/create-api-key.ts";
import { operator } from "../src/access/key-maker.ts";
import { hubAuthor } from "../src/access/record-audit.ts";
import { createSignInLink } from "../src/access/create-sign-in-link.ts";
import { signIn } from "../src/access/sign-in.ts";
import { system } from "../src/db/database.ts";
import type { Hub } from "../src/http/app.types.ts";

/** A key as a test holds it. */
export interface TestKey {
  readonly id: string;
  readonly key: string;
  /** Header of a program that holds it. */
  readonly headers: { readonly authorization: string };
}

/** The header of whoever holds `token`. */
export const bearer = (token: string): { authorization: string } => ({
  authorization: `Bearer ${token}`,
});

/** Makes a key of an organisation, with the scope `admin` unless others are given. */
export async function createTestKey(
  hub: Hub,
  orgId: string,
  draft: Partial<CreateApiKey> = {},
): Promise<TestKey> {
  const checked = createApiKeySchema.parse({ name: "Test key", scopes: ["admin"], ...draft });
  const { id, key } = await createApiKey(hub, hubAuthor(orgId), operator, checked);
  return { id, key, headers: bearer(key) };
}

/** Somebody who is signed in to an organisation. */
export interface TestMember {
  readonly userId: string;
  readonly email: string;
  /** Header of the browser that holds the session's cookie. */
  readonly headers: { readonly cookie: string; readonly "sec-fetch-site": string };
}

/** Makes a member of an organisation, and signs them in. */
export async function createTestMember(hub: Hub, orgId: string, role: Role): Promise<TestMember> {
  const userId = randomUUID();
  const email = `${userId}@example.com`;
  await hub.db.transaction(system, async (tx) => {
    await tx.query("INSERT INTO app_user (id, name, email) VALUES ($1, $2, $3)", [
      userId,
      `The ${role}`,
      email,
    ]);
    await tx.query("INSERT INTO membership (org_id, user_id, role) VALUES ($1, $2, $3)", [
      orgId,
      userId,
      role,
    ]);
  });
  const link = await createSignInLink(hub, { userId, orgId });
  const { token } = await signIn(hub, link.token);
  return {
    userId,
    email,
    headers: { cookie: `slotwire_session=${token}`, "sec-fetch-site": "same-origin" },
  };
}
