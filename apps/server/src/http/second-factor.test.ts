import fc from "fast-check";
import type { RecoveryCodes, SessionResource, TotpSetup } from "@slotwire/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findAccountById } from "../access/account.ts";
import { useSecondFactor } from "../access/second-factor.ts";
import { ManualClock } from "../clock.ts";
import { system } from "../db/database.ts";
import {
  auditedActions,
  type Browser,
  codeAt,
  createTestPerson,
  openBrowser,
  type TestPerson,
} from "../../test/person-fixture.ts";
import { createTestHub, type TestHub } from "../../test/test-hub.ts";

const MINUTE = 60_000;
const STEP = 30_000;

const clock = new ManualClock("2026-03-01T08:00:00Z");
let testHub: TestHub;
beforeAll(async () => {
  testHub = await createTestHub({ clock });
});
afterAll(() => testHub.close());

const browser = () => openBrowser(testHub.app, testHub.hub);
const person = () => createTestPerson(testHub.hub);
const codeNow = (secret: string): string => codeAt(secret, clock.now());

interface Guarded {
  readonly kim: TestPerson;
  readonly page: Browser;
  readonly secret: string;
  readonly codes: string[];
}

/** Somebody whose account has a second factor, and whose code of this moment is used up. */
async function guarded(): Promise<Guarded> {
  const kim = await person();
  const page = browser();
  await page.signIn(kim);
  const { secret } = (await page.request("POST", "/api/v1/account/totp")).json<TotpSetup>();
  const code = codeNow(secret);
  const confirmed = await page.request("POST", "/api/v1/account/totp/confirm", { code });
  return { kim, page, secret, codes: confirmed.json<RecoveryCodes>().recovery_codes };
}

describe("setting up an authenticator app", () => {
  test("shows the secret once, and counts when a code is confirmed", async () => {
    const kim = await person();
    const page = browser();
    await page.signIn(kim);
    const elsewhere = browser();
    await elsewhere.signIn(kim);
    const setup = (await page.request("POST", "/api/v1/account/totp")).json<TotpSetup>();
    expect(setup.secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(new URL(setup.uri)).toMatchObject({ protocol: "otpauth:", host: "totp" });
    expect(decodeURIComponent(setup.uri)).toContain(`Slotwire:${kim.email}`);

    // Until then the password alone is enough.
    expect((await browser().signIn(kim)).statusCode).toBe(201);
    const wrong = await page.request("POST", "/api/v1/account/totp/confirm", { code: "000000" });
    expect(wrong.json()).toMatchObject({ code: "E_VALIDATION", errors: [{ path: "body.code" }] });

    const before = page.cookie;
    const spaced = codeNow(setup.secret).replace(/^(...)/, "$1 ");
    const confirmed = await page.request("POST", "/api/v1/account/totp/confirm", { code: spaced });
    const { recovery_codes } = confirmed.json<RecoveryCodes>();
    expect(new Set(recovery_codes).size).toBe(10);
    for (const code of recovery_codes) expect(code).toMatch(/^[0-9a-z]{4}(-[0-9a-z]{4}){3}$/);

    expect(page.cookie).not.toBe(before);
    const session = await page.request("GET", "/api/v1/session");
    expect(session.json<SessionResource>().has_second_factor).toBe(true);
    expect((await elsewhere.request("GET", "/api/v1/session")).statusCode).toBe(401);
    const again = await page.request("POST", "/api/v1/account/totp");
    expect(again.json()).toMatchObject({ status: 409, code: "E_SECOND_FACTOR_SET" });
    expect(await auditedActions(testHub.hub, kim.userId)).toContain(
      "account.second_factor_enabled",
    );
  });

  test("stores neither the secret nor the recovery codes as they are", async () => {
    const { kim, secret, codes } = await guarded();
    const [row] = await testHub.hub.db.transaction(system, (tx) =>
      tx.query<{ sealed: Uint8Array; codes: string }>(
        `SELECT totp_sealed AS sealed, (SELECT json_agg(r)::text FROM recovery_code r) AS codes
           FROM app_user WHERE id = $1`,
        [kim.userId],
      ),
    );
    expect(Buffer.from(row?.sealed ?? []).toString("latin1")).not.toContain(secret);
    for (const code of codes) {
      expect(row?.codes).not.toContain(Buffer.from(code.replaceAll("-", "")).toString("hex"));
    }
  });
});

describe("signing in with a second factor", () => {
  test("asks for the code, and takes it once", async () => {
    const { kim, secret } = await guarded();
    clock.advance(STEP);
    const asked = await browser().signIn(kim);
    expect(asked.json()).toMatchObject({ status: 401, code: "E_SECOND_FACTOR" });
    expect(asked.cookies).toEqual([]);
    const code = codeNow(secret);
    expect((await browser().signIn(kim, code)).statusCode).toBe(201);
    expect((await browser().signIn(kim, code)).json()).toMatchObject({ code: "E_CREDENTIALS" });
    clock.advance(STEP);
    expect((await browser().signIn(kim, codeNow(secret))).statusCode).toBe(201);
  });

  test("does not say whether the password was right when the code is there", async () => {
    const { kim } = await guarded();
    const [wrongCode, wrongPassword] = [
      await browser().signIn(kim, "000000"),
      await browser().signIn({ ...kim, password: "not the password" }, "000000"),
    ];
    const body = (answer: typeof wrongCode) => ({ ...answer.json<object>(), request_id: "" });
    expect(body(wrongCode)).toEqual(body(wrongPassword));
  });

  test("lets one of ten through who use a code at the same time", async () => {
    const { kim, secret } = await guarded();
    clock.advance(STEP);
    const code = codeNow(secret);
    const deps = testHub.hub;
    const factors = await Promise.all(
      Array.from({ length: 10 }, () =>
        deps.db.transaction(system, async (tx) => {
          const account = await findAccountById(tx, kim.userId);
          return account && useSecondFactor(tx, deps, account, code);
        }),
      ),
    );
    expect(factors.filter((factor) => factor === "totp")).toHaveLength(1);
    expect(factors.filter((factor) => factor === null)).toHaveLength(9);
  });

  test("cannot be tried through, not even by asking without a code in between", async () => {
    const { kim, secret } = await guarded();
    clock.advance(STEP);
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 6; attempt += 1) {
      await browser().signIn(kim);
      statuses.push((await browser().signIn(kim, "000000")).statusCode);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    expect((await browser().signIn(kim, codeNow(secret))).statusCode).toBe(429);
    expect((await browser().signIn(kim)).statusCode).toBe(429);
  });

  test("takes each recovery code once, however it is typed", async () => {
    const { kim, codes } = await guarded();
    const [first = "", second = ""] = codes;
    expect((await browser().signIn(kim, first)).statusCode).toBe(201);
    expect((await browser().signIn(kim, first)).statusCode).toBe(401);
    const typed = second.toUpperCase().replaceAll("-", " ");
    expect((await browser().signIn(kim, typed)).statusCode).toBe(201);
    expect(await auditedActions(testHub.hub, kim.userId)).toContain("account.recovery_code_used");
  });

  test("does not take somebody else's recovery code", async () => {
    const [one, other] = [await guarded(), await guarded()];
    expect((await browser().signIn(one.kim, other.codes[0])).statusCode).toBe(401);
  });

  test("never takes a code that was used, or that is older than one used", async () => {
    const { kim, secret } = await guarded();
    const deps = testHub.hub;
    let newest = Math.floor(clock.now().getTime() / STEP);
    const attempt = fc.record({
      // How far the clock moves, and by how much the telephone's differs from it. In steps.
      moved: fc.integer({ min: 0, max: 3 }),
      skew: fc.integer({ min: -3, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(attempt, { minLength: 1, maxLength: 12 }), async (attempts) => {
        for (const { moved, skew } of attempts) {
          clock.advance(moved * STEP);
          const shown = new Date(clock.now().getTime() + skew * STEP);
          const step = Math.floor(shown.getTime() / STEP);
          const factor = await deps.db.transaction(system, async (tx) => {
            const account = await findAccountById(tx, kim.userId);
            return account && useSecondFactor(tx, deps, account, codeAt(secret, shown));
          });
          const isRight = Math.abs(skew) <= 1 && step > newest;
          expect(factor).toBe(isRight ? "totp" : null);
          if (isRight) newest = step;
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe("sensitive work on the account", () => {
  const later = async ({ page }: Guarded): Promise<Browser> => {
    clock.advance(10 * MINUTE);
    return page;
  };

  test("asks for a fresh proof after ten minutes, with password and code", async () => {
    const who = await guarded();
    const page = await later(who);
    const off = () => page.request("DELETE", "/api/v1/account/totp");
    const confirm = (code?: string, password = who.kim.password) =>
      page.request("POST", "/api/v1/session/confirm", { password, ...(code && { code }) });
    expect((await off()).json()).toMatchObject({ status: 403, code: "E_CONFIRM" });
    const renewed = await page.request("POST", "/api/v1/account/recovery-codes");
    expect(renewed.json()).toMatchObject({ code: "E_CONFIRM" });
    expect((await confirm()).json()).toMatchObject({ status: 401, code: "E_SECOND_FACTOR" });
    expect((await confirm("000000")).json()).toMatchObject({ code: "E_CREDENTIALS" });
    expect((await confirm(codeNow(who.secret), "wrong")).json()).toMatchObject({
      code: "E_CREDENTIALS",
    });
    expect((await confirm(codeNow(who.secret))).statusCode).toBe(204);

    expect((await off()).statusCode).toBe(204);
    expect((await browser().signIn(who.kim)).statusCode).toBe(201);
    expect((await browser().signIn(who.kim, who.codes[0])).statusCode).toBe(201);
    expect(await auditedActions(testHub.hub, who.kim.userId)).toContain(
      "account.second_factor_disabled",
    );
  });

  test("is not opened by a password alone, however often it is tried", async () => {
    const who = await guarded();
    const page = await later(who);
    const tries = Array.from({ length: 8 }, () =>
      page.request("POST", "/api/v1/session/confirm", { password: "wrong" }),
    );
    const statuses = (await Promise.all(tries)).map(({ statusCode }) => statusCode);
    expect(statuses.filter((status) => status === 401)).toHaveLength(5);
    expect(statuses.filter((status) => status === 429)).toHaveLength(3);
  });

  test("new recovery codes stop the old ones", async () => {
    const { kim, page, codes } = await guarded();
    const renewed = await page.request("POST", "/api/v1/account/recovery-codes");
    const fresh = renewed.json<RecoveryCodes>().recovery_codes;
    expect(fresh).toHaveLength(10);
    expect((await browser().signIn(kim, codes[0])).statusCode).toBe(401);
    expect((await browser().signIn(kim, fresh[0])).statusCode).toBe(201);
  });
});
