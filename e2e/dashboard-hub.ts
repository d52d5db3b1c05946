import { createHmac } from "node:crypto";
import { rm } from "node:fs/promises";
import { type RunningHub, startHub } from "../apps/server/src/cli/start-hub.ts";
import { loadConfig } from "../apps/server/src/config.ts";
import { calcomFixture, type CalcomBody } from "../apps/server/src/connectors/calcom/fixtures.ts";
import { makeHubFolder } from "./hub-folder.ts";

/** The owner of a hub that is set up. */
export const owner = {
  name: "Mette Holm",
  email: "mette@salon.example",
  password: "four horses under the old bridge",
} as const;

/** Weak, so that tests need not wait for it. */
const passwordCost = { logN: 10, r: 8, p: 1 };

const secret = "a secret of the end-to-end tests";
const apiKey = "key-of-the-end-to-end-tests-1234";

/** The day on which everything of these tests takes place, and the time that browsers believe in. */
export const testDay = "2026-11-21";
export const testNow = `${testDay}T12:40:00Z`;

/** What one of Cal.com's bookings says; times are `HH:MM` in UTC on the test's day. */
export interface Visit {
  readonly uid: string;
  readonly name: string;
  readonly from: string;
  readonly to: string;
  /** `Grooming for` the name unless given. */
  readonly title?: string;
}

/** A whole hub with the dashboard as it is shipped, on an embedded database of its own. */
export interface DashboardHub {
  readonly running: RunningHub;
  readonly address: string;
  /** Posts a signed webhook. @returns the receipt's action */
  readonly send: (body: CalcomBody) => Promise<string>;
  readonly book: (visit: Visit) => Promise<string>;
  readonly move: (previousUid: string, visit: Visit) => Promise<string>;
  readonly cancel: (visit: Visit) => Promise<string>;
  /** Calls the API with the hub's key. */
  readonly api: <Body>(method: string, path: string, body?: unknown) => Promise<Body>;
  readonly close: () => Promise<void>;
}

/**
 * Starts a hub that serves the dashboard, which `built-dashboard.ts` has built.
 * @param options `isNew` leaves it to the test to set the hub up; else `owner` has done so.
 *   `hasDemo` lets a demo be started in it; `settings` are added to the environment's
 */
export async function startDashboardHub(
  options: {
    readonly isNew?: boolean;
    readonly hasDemo?: boolean;
    readonly settings?: Record<string, string>;
  } = {},
): Promise<DashboardHub> {
  const dataDir = await makeHubFolder();
  const running = await startHub(
    loadConfig(
      {
        PORT: "0",
        SLOTWIRE_DATA_DIR: dataDir,
        SLOTWIRE_API_KEY: apiKey,
        SLOTWIRE_TIME_ZONE: "Europe/Copenhagen",
        SLOTWIRE_ALLOW_PRIVATE_DESTINATIONS: "true",
        CALCOM_WEBHOOK_SECRET: secret,
        SLOTWIRE_RETRY_SCHEDULE: "0,3600",
        LOG_LEVEL: "silent",
        ...options.settings,
      },
      { demo: options.hasDemo === true },
    ),
    { passwordCost },
  );
  if (options.isNew !== true) await setUp(running);
  const { address } = running;
  const send = (body: CalcomBody) => postSigned(`${address}/api/webhooks/calcom`, body);
  return {
    running,
    address,
    send,
    book: (visit) => send(calcomFixture("booking_created", payloadOf(visit))),
    move: (previousUid, visit) =>
      send(
        calcomFixture("booking_rescheduled", { ...payloadOf(visit), rescheduleUid: previousUid }),
      ),
    cancel: (visit) => send(calcomFixture("booking_cancelled", payloadOf(visit))),
    api: (method, path, body) => callApi(`${address}/api/v1${path}`, method, body),
    async close() {
      await running.stop();
      await rm(dataDir, { recursive: true });
    },
  };
}

/** What the owner does on the first screen. */
async function setUp({ address, signInLink }: RunningHub): Promise<void> {
  let cookie = "";
  const call = async (method: string, path: string, body: unknown): Promise<void> => {
    const response = await fetch(`${address}/api/v1${path}`, {
      method,
      headers: { "content-type": "application/json", origin: address, cookie },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
    cookie = response.headers.getSetCookie()[0]?.split(";")[0] ?? cookie;
  };
  const { name, email, password } = owner;
  await call("POST", "/session", { token: (await signInLink()).split("#token=")[1] });
  await call("PATCH", "/account", { name, email });
  await call("PUT", "/account/password", { password });
}

function payloadOf({ uid, name, from, to, title }: Visit): Record<string, unknown> {
  return {
    uid,
    iCalUID: `${uid}@cal.example`,
    title: title ?? `Grooming for ${name}`,
    startTime: `${testDay}T${from}:00Z`,
    endTime: `${testDay}T${to}:00Z`,
    attendees: [{ name, email: `${uid}@mail.example`, timeZone: "Europe/Copenhagen" }],
  };
}

async function postSigned(url: string, message: CalcomBody): Promise<string> {
  const body = JSON.stringify(message);
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-cal-signature-256": createHmac("sha256", secret).update(body).digest("hex"),
    },
    body,
  });
  const receipt = (await response.json()) as { action?: string; title?: string };
  if (receipt.action === undefined) throw new Error(`${response.status} ${receipt.title}`);
  return receipt.action;
}

async function callApi<Body>(url: string, method: string, body: unknown): Promise<Body> {
  const response = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status}`);
  return (response.status === 204 ? undefined : await response.json()) as Body;
}
