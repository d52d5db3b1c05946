import { randomBytes, randomUUID } from "node:crypto";
import type { Role } from "@slotwire/contract";
import { Secret, TOTP } from "otpauth";
import { createSignInLink } from "../src/access/create-sign-in-link.ts";
import { system } from "../src/db/database.ts";
import type { App, Hub } from "../src/http/app.types.ts";

/** A member with a password. */
export interface TestPerson {
  readonly userId: string;
  readonly email: string;
  readonly password: string;
  readonly orgId: string;
}

/** Creates a member of the default organisation, or of another, who has a password. */
export async function createTestPerson(
  hub: Hub,
  options: {
    readonly role?: Role;
    readonly orgId?: string;
    readonly password?: string;
    /** Whether the e-mail is proven to be theirs; it is unless this is false. */
    readonly isEmailVerified?: boolean;
  } = {},
): Promise<TestPerson> {
  const { role = "owner", orgId = hub.defaultOrgId, isEmailVerified = true } = options;
  const userId = randomUUID();
  const email = `person-${userId}@example.com`;
  const password = options.password ?? `tvfz-${randomBytes(8).toString("hex")}`;
  const hash = await hub.passwords.hash(password);
  await hub.db.transaction(system, async (tx) => {
    await tx.query(
      `INSERT INTO app_user (id, name, email, password_hash, email_verified_at)
       VALUES ($1, 'Kim Berg', $2, $3, CASE WHEN $4 THEN now() END)`,
      [userId, email, hash, isEmailVerified],
    );
    await tx.query("INSERT INTO membership (org_id, user_id, role) VALUES ($1, $2, $3)", [
      orgId,
      userId,
      role,
    ]);
  });
  return { userId, email, password, orgId };
}

type Answer = Awaited<ReturnType<App["inject"]>>;

/** A browser that keeps its cookie, on the hub's own pages. */
export interface Browser {
  request(
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
    url: string,
    body?: object,
  ): Promise<Answer>;
  /** Signs in with the person's password. */
  signIn(person: TestPerson, code?: string): Promise<Answer>;
  /** Signs in by a one-time link. */
  openLink(person: Pick<TestPerson, "userId" | "orgId">): Promise<Answer>;
  /** The `name=value` of the session's cookie; empty before one is set. */
  cookie: string;
}

/** @param address where it seems to be; every browser of one address shares its throttle */
export function openBrowser(app: App, hub: Hub, address = newAddress()): Browser {
  const browser: Browser = {
    cookie: "",
    async request(method, url, body) {
      const answer = await app.inject({
        method,
        url,
        remoteAddress: address,
        headers: {
          "sec-fetch-site": "same-origin",
          "user-agent": "Test browser",
          ...(browser.cookie === "" ? {} : { cookie: browser.cookie }),
        },
        ...(body === undefined ? {} : { payload: body }),
      });
      for (const { name, value } of answer.cookies) browser.cookie = `${name}=${value}`;
      return answer;
    },
    signIn({ email, password }, code) {
      const body = { email, password, ...(code === undefined ? {} : { code }) };
      return browser.request("POST", "/api/v1/session", body);
    },
    async openLink(person) {
      const { token } = await createSignInLink(hub, person);
      return browser.request("POST", "/api/v1/session", { token });
    },
  };
  return browser;
}

/** An address of documentation networks (RFC 3849) that no other browser has. */
export function newAddress(): string {
  const groups = randomBytes(4).toString("hex").match(/.{4}/g) ?? [];
  return `2001:db8:${groups.join(":")}::1`;
}

/** What an authenticator app with this secret shows at `now`. */
export function codeAt(secret: string, now: Date): string {
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  return totp.generate({ timestamp: now.getTime() });
}

/** What the audit log says about a person's account and sessions, in order. */
export async function auditedActions(hub: Hub, userId: string): Promise<string[]> {
  const rows = await hub.db.transaction(system, (tx) =>
    tx.query<{ action: string }>(
      `SELECT action FROM audit_log
        WHERE actor_id = $1 OR entity_id = $1 ORDER BY at, id`,
      [userId],
    ),
  );
  return rows.map(({ action }) => action);
}
