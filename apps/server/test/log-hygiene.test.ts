import { afterAll, beforeAll, expect, test } from "vitest";
import { createLogger } from "../src/cli/create-logger.ts";
import type { RunningHub } from "../src/cli/start-hub.ts";
import { calcomFixture } from "../src/connectors/calcom/fixtures.ts";
import { signed } from "./inbox-fixture.ts";
import { type Receiver, startReceiver } from "./receiver.ts";
import { createHubHome, type HubHome, startHubAt } from "./running-hub.ts";
import { createUnspeakable } from "./unspeakable.ts";
import { until } from "./until.ts";

const { hush, marked, readable, count } = createUnspeakable();
const lines: string[] = [];

const person = {
  name: marked("a customer's name"),
  email: marked("a customer's e-mail", (mark) => `${mark}@example.com`),
  phone: hush("a customer's phone number", "+46701987654"),
};
const ownerPassword = marked("the owner's password");
const ownerEmail = marked("the owner's e-mail", (mark) => `${mark}@example.com`);
const calcomSecret = marked("the secret of Cal.com's webhook");
const title = marked("a booking's title");
const times = { starts_at: "2026-06-01T08:00:00Z", ends_at: "2026-06-01T09:00:00Z" };

let home: HubHome;
let running: RunningHub;
let receiver: Receiver;
beforeAll(async () => {
  home = await createHubHome();
  receiver = await startReceiver((request, response) => {
    // Receivers repeat what they were sent, and the hub keeps what they answer.
    response.statusCode = request.path.includes("gone") ? 410 : 500;
    response.end(`no ${request.body.slice(0, 500)}`);
  });
  const environment = {
    LOG_LEVEL: "trace",
    SLOTWIRE_API_KEY: marked("the environment's API key", (mark) => `${mark}-${mark}`),
    CALCOM_WEBHOOK_SECRET: calcomSecret,
    SLOTWIRE_METRICS_TOKEN: marked("the token of the metrics", (mark) => `${mark}${mark}`),
    SLOTWIRE_RETRY_SCHEDULE: "0",
    MAKE_WEBHOOK_URL: `${receiver.url}/${marked("the key in Make's address")}`,
    MAKE_WEBHOOK_SECRET: marked("Make's key"),
    SMTP_URL: `smtp://${marked("the mail server's user")}:${marked("the mail server's password")}@127.0.0.1:9`,
    MAIL_FROM: "hub@example.com",
    OIDC_ISSUER: "http://127.0.0.1:9/",
    OIDC_CLIENT_ID: "slotwire",
    OIDC_CLIENT_SECRET: marked("the sign-in provider's secret"),
  };
  hush("a database's password", home.env["SLOTWIRE_MASTER_KEY"] ?? "there is none here");
  const log = createLogger("trace", { write: (line) => void lines.push(line) });
  running = await startHubAt(home, environment, { log });
});
afterAll(async () => {
  await running.stop();
  await receiver.close();
  await home.remove();
});

type Headers = Record<string, string>;
interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly cookies: readonly string[];
}

/** Sends a request over the network. Whatever it answers is looked at by whoever asks. */
async function send(
  method: string,
  path: string,
  { headers = {}, body }: { headers?: Headers; body?: object | string } = {},
): Promise<Answer> {
  const payload = typeof body === "object" ? JSON.stringify(body) : body;
  const answer = await fetch(`${running.address}${path}`, {
    method,
    redirect: "manual",
    headers: { ...(payload !== undefined && { "content-type": "application/json" }), ...headers },
    ...(payload !== undefined && { body: payload }),
  });
  const text = await answer.text();
  const cookies = answer.headers.getSetCookie().map((cookie) => cookie.split(";", 1)[0] ?? "");
  for (const cookie of cookies) {
    const value = cookie.slice(cookie.indexOf("=") + 1);
    if (value !== "") hush("a cookie", value);
  }
  const isJson = /json/.test(answer.headers.get("content-type") ?? "") && text !== "";
  const parsed = isJson ? (JSON.parse(text) as Record<string, unknown>) : {};
  return { status: answer.status, body: parsed, cookies };
}

const fromHere = (cookie: string): Headers => ({ cookie, "sec-fetch-site": "same-origin" });
const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` });

/** Signs the owner in, by link and then by password. @returns the browser's headers */
async function signInOwner(): Promise<Headers> {
  const link = await running.signInLink();
  const token = hush("a one-time link's token", new URL(link).hash.slice("#token=".length));
  const byLink = await send("POST", "/api/v1/session", { body: { token } });
  expect(byLink.status).toBe(201);
  const browser = fromHere(byLink.cookies[0] ?? "");
  const account = {
    headers: browser,
    body: { email: ownerEmail, name: marked("the owner's name") },
  };
  expect((await send("PATCH", "/api/v1/account", account)).status).toBe(200);
  const set = { headers: browser, body: { password: ownerPassword } };
  expect((await send("PUT", "/api/v1/account/password", set)).status).toBe(200);
  const wrong = { email: ownerEmail, password: marked("a wrong password") };
  expect((await send("POST", "/api/v1/session", { body: wrong })).status).toBe(401);
  expect((await send("POST", "/api/v1/session", { body: { token } })).status).toBe(401);
  const right = { email: ownerEmail, password: ownerPassword };
  const signedIn = await send("POST", "/api/v1/session", { body: right });
  expect(signedIn.status).toBe(201);
  const headers = fromHere(signedIn.cookies[0] ?? "");
  const totp = await send("POST", "/api/v1/account/totp", { headers });
  hush("a second factor", String(totp.body["secret"]));
  await send("POST", "/api/v1/account/totp/confirm", { headers, body: { code: "000000" } });
  return headers;
}

async function drivePeople(headers: Headers): Promise<void> {
  const email = marked("an invited person's e-mail", (mark) => `${mark}@example.com`);
  const invited = await send("POST", "/api/v1/invitations", {
    headers,
    body: { email, role: "staff" },
  });
  expect(invited.status).toBe(201);
  const link = new URL(String(invited.body["link"]));
  const token = hush("an invitation's token", link.hash.slice("#token=".length));
  await send("POST", "/api/v1/invitations/preview", { body: { token } });
  const accepted = {
    token,
    new_account: true,
    name: marked("a member's name"),
    password: marked("a password"),
  };
  expect((await send("POST", "/api/v1/invitations/accept", { body: accepted })).status).toBe(201);
  for (const address of [email, marked("a stranger's e-mail", (mark) => `${mark}@example.com`)]) {
    expect(
      (await send("POST", "/api/v1/password-reset", { body: { email: address } })).status,
    ).toBe(202);
  }
  expect((await send("GET", "/api/v1/oidc/start?return_to=/x")).status).toBe(302);
  await send("GET", `/api/v1/oidc/callback?code=${marked("a code of the provider's")}&state=x`);
}

async function driveKeysAndStreams(headers: Headers): Promise<void> {
  const made = await send("POST", "/api/v1/api-keys", {
    headers,
    body: { name: marked("a key's name"), scopes: ["admin"], requests_per_minute: 4 },
  });
  expect(made.status).toBe(201);
  const key = hush("an API key", String(made.body["key"]));
  for (const token of [key, `${key}x`, marked("no key"), key.replace("sk", "pk")]) {
    await send("GET", "/api/v1/bookings", { headers: bearer(token) });
  }
  for (const kind of ["ticket", "grant"]) {
    const minted = await send("POST", "/api/v1/stream-tokens", { headers, body: { [kind]: true } });
    expect(minted.status).toBe(201);
    const token = hush(`a ${kind} of the stream`, String(minted.body["token"]));
    if (kind === "ticket") await readStream(`/api/v1/stream?ticket=${token}`);
    await send("GET", `/api/v1/stream?ticket=${token}`);
    await send("POST", "/api/v1/stream-tokens/exchange", {
      headers: bearer(key),
      body: { grant: token },
    });
  }
  const minted = await send("POST", "/api/v1/stream-tokens", { headers, body: {} });
  const token = hush("a token of the stream", String(minted.body["token"]));
  await readStream("/api/v1/stream", bearer(token));
  await send("GET", "/metrics", { headers: bearer(marked("a wrong token")) });
}

/** Opens a stream, waits for its first words, and hangs up. */
async function readStream(path: string, headers: Headers = {}): Promise<void> {
  const stop = new AbortController();
  const answer = await fetch(`${running.address}${path}`, { headers, signal: stop.signal });
  expect(answer.status).toBe(200);
  await answer.body?.getReader().read();
  stop.abort();
}

async function driveBookings(headers: Headers): Promise<void> {
  const body = { ...times, title, attendees: [person], metadata: { note: marked("metadata") } };
  const path = "/api/v1/bookings";
  const made = await send("POST", path, { headers, body });
  expect(made.status).toBe(201);
  const id = String(made.body["id"]);
  const reason = marked("a reason");
  await send("POST", `${path}/${id}/cancel`, { headers, body: { reason } });
  await send("GET", `${path}?external_id=${marked("an outside id")}`, { headers });
  // What is wrong with a request is told to whoever sent it alone.
  for (const wrong of [
    { ...body, starts_at: marked("no instant") },
    { ...body, [marked("an unknown field")]: 1 },
    { ...body, attendees: [{ email: marked("no e-mail") }] },
    { ...body, title: `${title}\0` },
    `{"title": "${title}" ${marked("no JSON")}`,
  ]) {
    const { status } = await send("POST", path, { headers, body: wrong });
    expect([400, 422]).toContain(status);
  }
  for (const where of [
    `/${marked("a secret in an address")}`,
    `/api/v1/${person.email}`,
    `/api/v1/bookings/${person.phone}`,
    `/api/v1/bookings/%ff${title}`,
    `/invite/${person.name}/${ownerPassword}`,
  ]) {
    await send("GET", where, { headers });
  }
  expect((await send("GET", `${path}/${id}/timeline`, { headers })).status).toBe(200);
}

function postCalcom(text: string, secret = calcomSecret): Promise<Answer> {
  return send("POST", "/api/webhooks/calcom", {
    headers: signed(Buffer.from(text), secret),
    body: text,
  });
}

async function driveWebhooks(headers: Headers): Promise<void> {
  const message = calcomFixture("booking_created", {
    uid: marked("another id at Cal.com"),
    title,
    attendees: [{ ...person, timeZone: "Europe/Stockholm", language: { locale: "sv" } }],
  });
  const text = JSON.stringify(message);
  expect((await postCalcom(text)).status).toBe(200);
  expect((await postCalcom(text, "another secret")).status).toBe(401);
  await send("POST", "/api/webhooks/calcom", {
    headers: { "x-cal-signature-256": marked("a wrong signature") },
    body: text,
  });
  await postCalcom(`{"triggerEvent": "${title}`);
  await postCalcom(JSON.stringify({ triggerEvent: marked("no trigger"), payload: { title } }));
  await postCalcom(JSON.stringify({ ...message, payload: { uid: 7, attendees: person.email } }));
  const made = await send("POST", "/api/v1/connections", {
    headers,
    body: { kind: "memory", name: marked("a connection's name"), auth_modes: ["url_token"] },
  });
  expect(made.status).toBe(201);
  const path = `/api/v1/connections/${String(made.body["id"])}`;
  const rotated = await send("POST", `${path}/rotate-url-token`, { headers });
  expect(rotated.status).toBe(200);
  const address = new URL(String(rotated.body["token_url"]));
  const token = address.pathname.split("/").at(-1) ?? "";
  hush("a token in a webhook's address", token);
  for (const where of [address.pathname, `${address.pathname}x`, `${address.pathname}/${title}`]) {
    await send("POST", where, { body: { name: person.name } });
  }
}

async function driveDeliveries(headers: Headers): Promise<void> {
  for (const path of ["broken", "gone"]) {
    const secretPart = marked("a key in a receiver's address");
    const made = await send("POST", "/api/v1/destinations", {
      headers,
      body: {
        name: marked("a destination's name"),
        url: `${receiver.url}/${path}/${secretPart}?key=${marked("a key in a receiver's query")}`,
        payload_mode: "full",
      },
    });
    expect(made.status).toBe(201);
    hush("a signing secret", String(made.body["secret"]));
    await send("POST", `/api/v1/destinations/${String(made.body["id"])}/test`, { headers });
  }
  const refused = { name: "Nowhere", url: `ftp://${marked("an address of no kind")}/` };
  await send("POST", "/api/v1/destinations", { headers, body: refused });
  const booked = { ...times, title, attendees: [person] };
  expect((await send("POST", "/api/v1/bookings", { headers, body: booked })).status).toBe(201);
  await until(() => receiver.requests.filter(({ body }) => body.includes(title)).length >= 3);
  await until(() => lines.join("").includes("a destination was disabled"));
}

test("neither people's data nor a secret is in the log of a hub that did everything, at any level", async () => {
  const headers = await signInOwner();
  await drivePeople(headers);
  await driveKeysAndStreams(headers);
  await driveBookings(headers);
  await driveWebhooks(headers);
  await driveDeliveries(headers);
  await send("DELETE", "/api/v1/session", { headers });

  const log = lines.join("");
  // All of it left its traces …
  for (const trace of ['"status":401', "a message was refused", "a delivery failed"]) {
    expect(log).toContain(trace);
  }
  expect(count()).toBeGreaterThan(40);
  // … and none of what was said in it.
  expect(readable(log)).toEqual([]);
}, 30_000);

test("what is logged by mistake would be found", () => {
  for (const coded of [
    person.email,
    encodeURIComponent(person.email),
    Buffer.from(person.email).toString("base64"),
    Buffer.from(person.email).toString("hex").toUpperCase(),
  ]) {
    expect(readable(`{"msg":"for ${coded}"}`)).toEqual(["a customer's e-mail"]);
  }
  running.hub.log.info({ note: person.phone }, "on purpose");
  expect(readable(lines.join(""))).toContain("a customer's phone number");
});
