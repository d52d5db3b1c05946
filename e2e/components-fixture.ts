import type { BookingResource, IncomingBooking, List } from "@slotwire/contract";
import type { Browser, Page } from "playwright-core";
import { ManualClock } from "../apps/server/src/clock.ts";
import type { CalcomBody } from "../apps/server/src/connectors/calcom/fixtures.ts";
import { FakeCalcom } from "../apps/server/test/fake-calcom-api/fake-calcom.ts";
import {
  fakeApiKey,
  type FakeCalcomApi,
  startFakeCalcomApi,
} from "../apps/server/test/fake-calcom-api/server.ts";
import { closePages, launchBrowser, openPage } from "./browser.ts";
import { type BundledPage, documentOf } from "./bundle-page.ts";
import { type DashboardHub, startDashboardHub, testDay, testNow } from "./dashboard-hub.ts";
import { takePictures } from "./take-pictures.ts";

const siteSecret = "a secret of the booking site";

export interface HubVisit {
  /** The test's day unless given. */
  readonly day?: string;
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly provider?: string;
  readonly status?: "pending" | "confirmed";
  readonly location?: string;
}

/** A hub with a source that can be asked, and a browser whose page shows components of the package. */
export interface ComponentsFixture {
  readonly hub: DashboardHub;
  readonly api: FakeCalcomApi;
  readonly calcom: FakeCalcom;
  readonly page: Page;
  /** What the page complained about, in words. */
  readonly troubles: string[];
  /** Opens a page with one component, and its name as the heading. */
  readonly open: (show: string, props?: object, language?: string) => Promise<void>;
  /** What handlers were called with. */
  readonly told: () => Promise<unknown[]>;
  readonly picture: (name: string) => Promise<void>;
  /** Somebody books at the site, whose connection keeps the CRM. */
  readonly bookAtSite: (body: object) => Promise<IncomingBooking>;
  /** Somebody books at Cal.com. */
  readonly bookAtCalCom: (name: string, time: string, day?: string) => Promise<BookingResource>;
  readonly bookingOf: (externalId: string) => Promise<BookingResource>;
  /** A booking of the hub's own. */
  readonly bookHere: (visit: HubVisit) => Promise<BookingResource>;
  /** Has the hub answer so below `/api/v1/`. */
  readonly refuse: (status: number, path: string) => Promise<void>;
  /** Takes back what was refused. */
  readonly allow: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** @param bundled the page that shows components */
export async function startComponents(bundled: Promise<BundledPage>): Promise<ComponentsFixture> {
  const calcom = new FakeCalcom(new ManualClock(testNow));
  const api = await startFakeCalcomApi(calcom);
  const hub = await startDashboardHub({
    settings: {
      CALCOM_API_KEY: fakeApiKey,
      CALCOM_API_URL: api.url,
      CRM_WEBHOOK_SECRET: siteSecret,
    },
  });
  const troubles: string[] = [];
  const refused: string[] = [];
  const [browser, document] = await Promise.all([launchBrowser(), bundled.then(documentOf)]);
  const page = await openSignedIn(hub, browser, troubles, document);
  const bookingOf = async (externalId: string): Promise<BookingResource> => {
    const path = `/bookings?external_id=${externalId}`;
    const [booking] = (await hub.api<List<BookingResource>>("GET", path)).data;
    if (booking === undefined) throw new Error(`${externalId} did not arrive`);
    return booking;
  };
  return {
    hub,
    api,
    calcom,
    page,
    troubles,
    bookingOf,
    async open(show, props = {}, language = "en") {
      const settings = encodeURIComponent(JSON.stringify({ show, props, language }));
      // Another hash alone would load nothing.
      await page.goto("about:blank");
      await page.goto(`${hub.address}/components#${settings}`);
      await page.getByRole("heading", { level: 1, name: show }).waitFor();
    },
    told: () => page.evaluate(() => (globalThis as unknown as { told: unknown[] }).told),
    picture: (name) => takePictures(page, name),
    bookAtSite: (body) => postToSite(hub, body),
    async bookAtCalCom(name, time, day = testDay) {
      const email = `${name.toLowerCase().replaceAll(" ", ".")}@mail.example`;
      const row = calcom.book({ start: `${day}T${time}:00Z`, attendee: { name, email } });
      await hub.send(calcom.messages.at(-1) as unknown as CalcomBody);
      return bookingOf(row.uid);
    },
    bookHere: (visit) =>
      hub.api("POST", "/bookings", {
        starts_at: `${visit.day ?? testDay}T${visit.from}:00Z`,
        ends_at: `${visit.day ?? testDay}T${visit.to}:00Z`,
        title: `Grooming for ${visit.name}`,
        status: visit.status ?? "confirmed",
        attendees: [{ name: visit.name }],
        service: { key: "grooming", name: "Full grooming" },
        ...(visit.location === undefined ? {} : { location: visit.location }),
        ...(visit.provider === undefined ? {} : { provider: { name: visit.provider } }),
      }),
    async refuse(status, path) {
      const url = `${hub.address}/api/v1/${path}`;
      refused.push(url);
      await page.route(url, (route) => route.fulfill({ status, body: "" }));
    },
    async allow() {
      api.trouble = null;
      api.before = null;
      for (const url of refused.splice(0)) await page.unroute(url);
    },
    async close() {
      await closePages(browser);
      await hub.close();
      await api.close();
    },
  };
}

async function openSignedIn(
  hub: DashboardHub,
  browser: Browser,
  troubles: string[],
  document: string,
): Promise<Page> {
  const page = await openPage(browser, troubles);
  await page.route(`${hub.address}/components`, (route) =>
    route.fulfill({ contentType: "text/html", body: document }),
  );
  const [, token] = (await hub.running.signInLink()).split("#token=");
  const session = await page.request.post(`${hub.address}/api/v1/session`, {
    headers: { origin: hub.address },
    data: { token },
  });
  if (session.status() !== 201) throw new Error(await session.text());
  return page;
}

async function postToSite(hub: DashboardHub, body: object): Promise<IncomingBooking> {
  const response = await fetch(`${hub.address}/api/bookings/incoming`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-webhook-secret": siteSecret },
    body: JSON.stringify({
      eventType: "workshop",
      duration: 120,
      source: "bookme",
      event: "booking.created",
      ...body,
    }),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as IncomingBooking;
}
