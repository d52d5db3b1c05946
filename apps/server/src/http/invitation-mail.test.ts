import { randomUUID } from "node:crypto";
import type { CreatedInvitation, InvitationPreview } from "@slotwire/contract";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ManualClock } from "../clock.ts";
import { system } from "../db/database.ts";
import { createTestMember, type TestMember } from "../../test/key-fixture.ts";
import { type MailServer, startMailServer } from "../../test/mail-server.ts";
import { createTestPerson, type TestPerson } from "../../test/person-fixture.ts";
import { createTestOrganisation } from "../../test/test-database.ts";
import { createTestHub, type TestHub } from "../../test/test-hub.ts";
import { openWebBrowser } from "../../test/web-browser.ts";
import { buildApp } from "./build-app.ts";

/*
 * An invitation has two links: whoever invites is shown one, and the other is mailed. Who comes by
 * the mailed one reads the mailbox; of the shown one that is not known.
 */

const DAY = 24 * 60 * 60_000;
const password = "a saddle for seven geese";

const clock = new ManualClock("2026-03-01T08:00:00Z");
let mail: MailServer;
let testHub: TestHub;
/** The same hub, which sends no mail. */
let silent: TestHub["app"];
beforeAll(async () => {
  mail = await startMailServer();
  testHub = await createTestHub({ clock, mailer: mail.mailer });
  silent = await buildApp({ ...testHub.hub, mailer: null }, { dashboardFolder: "/none" });
});
afterAll(async () => {
  await silent.close();
  await testHub.close();
  await mail.close();
});

let orgId: string;
let owner: TestMember;
beforeEach(async () => {
  ({ orgId } = await createTestOrganisation(testHub.hub.db));
  owner = await createTestMember(testHub.hub, orgId, "owner");
});

const newEmail = (domain = "example.com") => `new-${randomUUID()}@${domain}`;
const elsewhere = (options: Parameters<typeof createTestPerson>[1] = {}): Promise<TestPerson> =>
  createTestPerson(testHub.hub, { role: "viewer", ...options });

type App = TestHub["app"];
type Answer = Awaited<ReturnType<App["inject"]>>;
const outcome = (answer: Answer): string | number =>
  answer.statusCode < 400 ? answer.statusCode : answer.json<{ code: string }>().code;

/** Invites somebody. @returns the token that whoever invites is shown */
async function invited(email: string, app: App = testHub.app): Promise<string> {
  const answer = await app.inject({
    method: "POST",
    url: "/api/v1/invitations",
    headers: owner.headers,
    payload: { email, role: "viewer" },
  });
  const { link } = answer.json<CreatedInvitation>();
  return new URL(link).hash.slice("#token=".length);
}

const post = (what: string, body: object, app: App = testHub.app) =>
  openWebBrowser(app).request("POST", `/api/v1/invitations/${what}`, body);
const asNew = (token: string, app?: App) =>
  post("accept", { token, new_account: true, password }, app);
const mailsTo = (email: string) => mail.mails.filter(({ to }) => to.includes(email));
const query = (sql: string, values: unknown[]): Promise<object[]> =>
  testHub.hub.db.transaction(system, (tx) => tx.query(sql, values));
const isProven = (email: string) =>
  query("SELECT email_verified_at IS NOT NULL AS is_proven FROM app_user WHERE email = $1", [
    email,
  ]);
const told = () =>
  query(
    `SELECT org_id, actor_kind, actor_name, entity_id, new FROM audit_log
      WHERE action = 'account.asked_about' AND at = $1`,
    [clock.now()],
  );

describe("the link that was shown", () => {
  test("makes no account where another was mailed, be there one or not", async () => {
    const kim = await elsewhere();
    for (const email of [newEmail(), kim.email]) {
      const shown = await invited(email);
      expect((await asNew(shown)).json()).toMatchObject({ status: 409, code: "E_INVITATION_MAIL" });
      const preview = (await post("preview", { token: shown })).json<InvitationPreview>();
      expect(preview.new_account_by_mail).toBe(true);
    }
    expect(await told()).toEqual([]);
  });

  test("has the other mailed, which makes the account and proves the address", async () => {
    const email = newEmail();
    const shown = await invited(email);
    const first = mail.newestToken();
    const asked = await post("mail", { token: shown });
    expect(asked.statusCode).toBe(202);
    expect(mailsTo(email)).toHaveLength(2);
    const second = mail.newestToken();
    expect(outcome(await asNew(first))).toBe("E_INVITATION");
    const preview = (await post("preview", { token: second })).json<InvitationPreview>();
    expect(preview).toMatchObject({ email, new_account_by_mail: false });
    expect(outcome(await asNew(second))).toBe(201);
    expect(await isProven(email)).toEqual([{ is_proven: true }]);
    for (const token of [shown, second]) expect(outcome(await asNew(token))).toBe("E_INVITATION");
    const lines = await query(
      `SELECT actor_kind, entity_name FROM audit_log
        WHERE org_id = $1 AND action = 'invitation.link_mailed'`,
      [orgId],
    );
    expect(lines).toEqual([{ actor_kind: "system", entity_name: email }]);
    expect(testHub.logged()).not.toContain(email);
    expect(testHub.logged()).not.toContain(second);
  });

  test("has it mailed in the same way when there is an account, whose holder joins with it", async () => {
    const kim = await elsewhere();
    const unlike = async (email: string) => {
      const { statusCode, body } = await post("mail", { token: await invited(email) });
      return {
        statusCode,
        body,
        text: mailsTo(email)
          .at(-1)
          ?.text.replace(/#token=.*/, ""),
      };
    };
    expect(await unlike(kim.email)).toEqual(await unlike(newEmail()));
    // Who reads the mailbox may know that there is one.
    const token = /#token=([\w-]+)/.exec(mailsTo(kim.email).at(-1)?.text ?? "")?.[1] ?? "";
    expect(outcome(await asNew(token))).toBe("E_ACCOUNT_EXISTS");
    expect(await told()).toEqual([]);
    const joined = await post("accept", { token, password: kim.password });
    expect(joined.statusCode).toBe(201);
  });

  test("signs in to the account that there is, as ever", async () => {
    const kim = await elsewhere({ isEmailVerified: false });
    const shown = await invited(kim.email);
    expect(outcome(await post("accept", { token: shown, password: kim.password }))).toBe(201);
    // It proves nothing of the address.
    expect(await isProven(kim.email)).toEqual([{ is_proven: false }]);
  });

  test("has five mails sent in a day", async () => {
    const shown = await invited(newEmail());
    for (let sent = 0; sent < 5; sent += 1) {
      expect((await post("mail", { token: shown })).statusCode).toBe(202);
    }
    const refused = await post("mail", { token: shown });
    expect(refused.json()).toMatchObject({ code: "E_RATE_LIMITED" });
    expect(refused.headers["retry-after"]).toBe(String(24 * 60 * 60));
    clock.advance(DAY);
    expect((await post("mail", { token: shown })).statusCode).toBe(202);
    clock.advance(7 * DAY);
    expect(outcome(await post("mail", { token: shown }))).toBe("E_INVITATION");
  });

  test("is used from no other site, and by nobody who has no link", async () => {
    const token = await invited(newEmail());
    const answer = await testHub.app.inject({
      method: "POST",
      url: "/api/v1/invitations/mail",
      headers: { "sec-fetch-site": "cross-site" },
      payload: { token },
    });
    expect(outcome(answer)).toBe("E_CROSS_SITE");
    expect(outcome(await post("mail", { token: "x".repeat(43) }))).toBe("E_INVITATION");
    expect(outcome(await post("mail", { token }, silent))).toBe("E_MAIL_UNSET");
  });
});

describe("where no mail went out", () => {
  test("the link that was shown makes the account, and proves no address", async () => {
    const refused = newEmail("refused.example");
    const notTaken = await invited(refused);
    expect(outcome(await asNew(notTaken))).toBe(201);
    const unsent = newEmail();
    const without = await invited(unsent, silent);
    expect(outcome(await asNew(without, silent))).toBe(201);
    for (const email of [refused, unsent]) {
      expect(await isProven(email)).toEqual([{ is_proven: false }]);
    }
  });

  test("that there is an account is told five times a day, and then nothing is", async () => {
    for (let asked = 0; asked < 5; asked += 1) {
      const { email } = await elsewhere();
      const token = await invited(email, silent);
      expect(outcome(await asNew(token, silent))).toBe("E_ACCOUNT_EXISTS");
    }
    const known = await elsewhere();
    for (const email of [known.email, newEmail()]) {
      const token = await invited(email, silent);
      expect(outcome(await asNew(token, silent))).toBe("E_RATE_LIMITED");
    }
  });

  test("the organisation that the account is at home in hears who was told, and nobody else", async () => {
    const kim = await elsewhere();
    const gone = await elsewhere();
    await query("DELETE FROM membership WHERE user_id = $1", [gone.userId]);
    clock.advance(DAY);
    owner = await createTestMember(testHub.hub, orgId, "owner");
    for (const { email } of [kim, gone]) {
      const token = await invited(email, silent);
      expect(outcome(await asNew(token, silent))).toBe("E_ACCOUNT_EXISTS");
    }
    expect(await told()).toEqual([
      {
        org_id: kim.orgId,
        actor_kind: "system",
        actor_name: "Somebody on this hub",
        entity_id: kim.userId,
        new: { by: "invitation" },
      },
    ]);
  });
});
