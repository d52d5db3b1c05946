import type { ConnectionResource } from "@slotwire/contract";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { squareFixture } from "../apps/server/src/connectors/square/fixtures.ts";
import { signedHeaders } from "../apps/server/src/connectors/square/signature.ts";
import { closePages, launchBrowser, openPage } from "./browser.ts";
import { type DashboardHub, startDashboardHub } from "./dashboard-hub.ts";
import { screenProblems } from "./screen-problems.ts";
import { takePictures } from "./take-pictures.ts";

let hub: DashboardHub;
let browser: Browser;
let page: Page;
const troubles: string[] = [];

const picture = (name: string): Promise<void> => takePictures(page, name);

beforeAll(async () => {
  hub = await startDashboardHub();
  browser = await launchBrowser();
  page = await openPage(browser, troubles);
  await page.goto(await hub.running.signInLink());
  await page.getByRole("heading", { level: 1, name: "Saturday 21 November" }).waitFor();
});
afterEach(() => expect(troubles).toEqual([]));
afterAll(async () => {
  await closePages(browser);
  await hub.close();
});

async function choose(kind: string): Promise<void> {
  await page.goto(`${hub.address}/settings/connections`);
  await page.getByRole("button", { name: "Connect a source" }).first().click();
  await page.getByLabel("Source", { exact: true }).selectOption(kind);
}

const connectionOf = async (kind: string): Promise<ConnectionResource | undefined> => {
  const { data } = await hub.api<{ data: ConnectionResource[] }>("GET", "/connections");
  return data.find((one) => one.kind === kind);
};

it("connects Acuity by its API key and the settings that it needs", async () => {
  await choose("acuity");
  await page.getByLabel("API key of the source").fill("the-api-key-of-acuity");
  await page.getByLabel("User ID").fill("11145481");
  await page.getByLabel("Currency").fill("euro");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await page.getByText("Three capital letters, like EUR.").waitFor();
  await picture("acuity");
  expect(await screenProblems(page)).toEqual([]);
  await page.getByLabel("Currency").fill("EUR");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await page.getByRole("heading", { name: "Connect Acuity Scheduling" }).waitFor();
  await picture("acuity-connected");
  expect(await page.getByText("the-api-key-of-acuity").count()).toBe(0);
  expect(await connectionOf("acuity")).toMatchObject({
    settings: { user_id: "11145481", currency: "EUR" },
  });
});

it("connects Square, takes the secret that it makes afterwards, and sees the first message", async () => {
  await choose("square");
  await page.getByText("The source shows it once it has the address.").waitFor();
  await picture("square");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await page.getByText("If it shows a secret of its own then").waitFor();
  await page.getByRole("button", { name: "Go on without waiting" }).click();
  const made = await connectionOf("square");
  const panel = page.getByRole("region", { name: "Square Appointments" });
  await panel.getByRole("button", { name: "New secret" }).click();
  await page.getByLabel("Secret of the source").fill("signature-key-of-square");
  await picture("square-secret");
  await page.getByRole("dialog").getByRole("button", { name: "New secret" }).click();
  await page.getByRole("button", { name: "I have stored it" }).click();
  const body = Buffer.from(JSON.stringify(squareFixture("booking_created")));
  const url = made?.webhook_url ?? "";
  const headers = signedHeaders(body, "signature-key-of-square", url);
  expect((await fetch(url, { method: "POST", headers, body })).status).toBe(200);
  await panel.getByText(/First message arrived|Last message/).waitFor();
});
