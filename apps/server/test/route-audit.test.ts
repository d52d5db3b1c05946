import { afterAll, beforeAll, expect, test } from "vitest";
import { createSignInLink } from "../src/access/create-sign-in-link.ts";
import { system } from "../src/db/database.ts";
import { inboxFixture, type InboxFixture } from "./inbox-fixture.ts";
import { password, routeMatrix } from "./route-matrix.ts";
import { matrixWorld, type World } from "./route-matrix-world.ts";
import { operationsOf } from "./sample-request.ts";
import { withKey } from "./test-hub.ts";

/**
 * Every route that changes something leaves a line about the person who used it: in the audit log,
 * or an event of the booking. A new route is asked like the others, unless it is named here with
 * the reason why there is none.
 */
const silent: Readonly<Record<string, string>> = {
  "POST /api/webhooks/{kind}":
    "a source's; the message is kept, and its event names the connection",
  "POST /api/webhooks/{kind}/{connection}": "as above",
  "POST /api/webhooks/{kind}/{connection}/{token}": "as above",
  "POST /api/bookings/incoming": "as above",
  "POST /api/bookings/incoming/{connection}": "as above",
  "POST /api/webhooks/booking-events": "as above",
  "POST /api/external-calendar/callback": "as above",
  "POST /api/external-calendar/callback/{connection}": "as above",
  "POST /functions/v1/booking-event-webhook": "as above",
  "POST /functions/v1/notify-booking-status": "reads: the change itself has told everybody",
  "POST /api/v1/connections/{id}/mapping/try": "reads: nothing of it is kept",
  "POST /api/v1/session/confirm": "changes nothing but when somebody last proved who they are",
  "PUT /api/v1/session/organisation": "chooses what one's own screen shows",
  "POST /api/v1/stream-tokens": "a permission to read for minutes, narrower than the maker's own",
  "POST /api/v1/stream-tokens/exchange": "as above, by a page",
  "POST /api/v1/invitations/preview": "reads",
  "POST /api/v1/destinations/preview": "reads: nothing is sent",
  "POST /api/v1/destinations/{id}/preview": "as above",
  "POST /api/v1/account/totp": "a secret that does not count before it is confirmed",
};

/** Where a line is proved that needs more than one request: a link, a mail, an authenticator. */
const elsewhere: Readonly<Record<string, string>> = {
  "POST /api/v1/password-reset": "password-reset.test.ts",
  "PUT /api/v1/password-reset": "password-reset.test.ts",
  "POST /api/v1/invitations/accept": "invitations.test.ts",
  "POST /api/v1/invitations/mail": "invitations.test.ts",
  "POST /api/v1/connections/{id}/reconcile": "reconcile.test.ts",
  "POST /api/v1/bookings/import": "import-booking.test.ts",
  "POST /api/v1/deliveries/replay": "replay.test.ts",
  "DELETE /api/v1/account/email-change": "account-email.test.ts",
  "POST /api/v1/account/email-change/resend": "account-email.test.ts",
  "POST /api/v1/account/email-change/confirm": "account-email.test.ts",
  "POST /api/v1/account/totp/confirm": "second-factor.test.ts",
  "DELETE /api/v1/account/totp": "second-factor.test.ts",
  "POST /api/v1/account/recovery-codes": "second-factor.test.ts",
};

let fixture: InboxFixture;
let world: World;
beforeAll(async () => {
  fixture = await inboxFixture({ config: { allowPrivateDestinations: true } });
  await fixture.app.ready();
  world = await matrixWorld(fixture);
});
afterAll(() => fixture.close());

const writing = () => operationsOf(fixture.app.swagger()).filter(({ method }) => method !== "GET");

/** How many lines and events name the person as their author. */
async function linesOf(userId: string): Promise<number> {
  const [row] = await fixture.hub.db.transaction(system, (tx) =>
    tx.query<{ lines: number }>(
      `SELECT (SELECT count(*) FROM audit_log WHERE actor_kind = 'user' AND actor_id = $1)::int
            + (SELECT count(*) FROM booking_event WHERE actor_kind = 'user' AND actor_id = $1)::int
         AS lines`,
      [userId],
    ),
  );
  return row?.lines ?? 0;
}

/** What the person needs for a success where the matrix expects a problem. */
async function requestOf(
  name: string,
  userId: string,
  no: number,
): Promise<{ id: string; body: object | undefined }> {
  const line = routeMatrix[name];
  if (name === "POST /api/v1/session") {
    const { token } = await createSignInLink(fixture.hub, {
      userId,
      orgId: fixture.hub.defaultOrgId,
    });
    return { id: "", body: { token } };
  }
  if (line?.on === "session") return { id: await world.session(userId), body: undefined };
  const id = line?.on === undefined ? "" : await world.make(line.on);
  // What is so already is not changed: it has to be otherwise first.
  if (name.endsWith("/resume")) await pause(name.replace(/^POST |\{.*$/g, ""), id);
  if (name === "DELETE /api/v1/bookings/{id}/link") await link(id);
  if (name === "POST /api/v1/subjects") {
    return { id, body: { name: `Burek ${no}`, customer_id: await world.make("customer") } };
  }
  if (name.endsWith("/reschedule")) return { id, body: otherTimes };
  if (name === "PUT /api/v1/account/password") return { id, body: { password: `${password} 2` } };
  return { id, body: line?.body?.(no) };
}

const otherTimes = { starts_at: "2026-06-02T08:00:00Z", ends_at: "2026-06-02T09:00:00Z" };

async function pause(collection: string, id: string): Promise<void> {
  const url = `${collection}${id}/pause`;
  const answer = await fixture.app.inject({ method: "POST", url, headers: withKey });
  expect(answer.statusCode, answer.body).toBe(200);
}

/** Links a booking to a customer, so that it can be unlinked. */
async function link(bookingId: string): Promise<void> {
  const answer = await fixture.app.inject({
    method: "POST",
    url: `/api/v1/bookings/${bookingId}/link`,
    headers: withKey,
    payload: { customer_id: await world.make("customer") },
  });
  expect(answer.statusCode, answer.body).toBe(200);
}

test("whatever a person changes leaves a line that says so", async () => {
  const missing: string[] = [];
  let no = 0;
  for (const { method, path } of writing()) {
    const name = `${method} ${path}`;
    if (silent[name] !== undefined || elsewhere[name] !== undefined) continue;
    no += 1;
    const userId = await world.person("owner");
    const headers = await world.browser(userId);
    if (name === "DELETE /api/v1/sessions") await world.session(userId);
    const { id, body } = await requestOf(name, userId, no);
    const before = await linesOf(userId);
    const answer = await fixture.app.inject({
      method,
      url: path.replace(/\{\w+\}/, id),
      remoteAddress: `10.1.0.${no}`,
      headers,
      ...(body && { payload: body }),
    });
    if (answer.statusCode >= 300) missing.push(`${name}: ${answer.statusCode} ${answer.body}`);
    else if ((await linesOf(userId)) === before) missing.push(`${name}: no line`);
  }
  expect(missing).toEqual([]);
});

test("every exception is a route that there is", () => {
  const names = new Set(writing().map(({ method, path }) => `${method} ${path}`));
  const exceptions = [...Object.keys(silent), ...Object.keys(elsewhere)];
  expect(exceptions.filter((name) => !names.has(name))).toEqual([]);
  expect(new Set(exceptions).size).toBe(exceptions.length);
});
