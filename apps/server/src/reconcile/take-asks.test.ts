import type { CreatedConnection, List, ReconcileRunResource } from "@slotwire/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inboxFixture, type InboxFixture } from "../../test/inbox-fixture.ts";
import { withKey } from "../../test/test-hub.ts";
import { ManualClock } from "../clock.ts";
import { calendlyConnector } from "../connectors/calendly/connector.ts";
import {
  type CalendlyBody,
  calendlyFixture,
  type CalendlyFixtureName,
} from "../connectors/calendly/fixtures.ts";
import { signedHeaders } from "../connectors/calendly/signature.ts";
import { reconcileDue } from "./reconcile-worker.ts";
import { takeAsks } from "./take-asks.ts";

const secret = "the-key-of-the-tests";
const clock = new ManualClock("2026-01-03T10:00:02.000Z");
let hub: InboxFixture;
let calendly: CreatedConnection;
beforeAll(async () => {
  hub = await inboxFixture({ clock, connectors: new Map([["calendly", calendlyConnector]]) });
  const answer = await hub.app.inject({
    method: "POST",
    url: "/api/v1/connections",
    headers: withKey,
    payload: { kind: "calendly", name: "Calendly", secret },
  });
  calendly = answer.json();
});
afterAll(() => hub.close());

const halves = ["invitee_canceled_moved", "invitee_created_moved"] as const;

/** Lets messages of a person of their own arrive, one a second, and takes their asks. */
async function arrive(person: string, names: readonly CalendlyFixtureName[]): Promise<void> {
  for (const name of names) {
    clock.advance(1000);
    const body = Buffer.from(ownBody(calendlyFixture(name), person));
    const headers = signedHeaders(body, secret, clock.now());
    const path = new URL(calendly.webhook_url).pathname;
    const { status } = await hub.sendRaw(body, {
      path,
      headers: { "content-type": "application/json", ...headers },
    });
    expect(status).toBe(200);
    await work();
  }
}

const ownBody = (body: CalendlyBody, person: string): string =>
  JSON.stringify(body).replaceAll("INV", person);

async function work(): Promise<void> {
  await takeAsks(hub.hub);
  while ((await reconcileDue(hub.hub)) > 0);
}

async function runs(): Promise<readonly ReconcileRunResource[]> {
  const path = `/api/v1/reconcile-runs?connection_id=${calendly.id}`;
  return (await hub.get<List<ReconcileRunResource>>(path)).body.data;
}

test.each([
  ["either", halves],
  ["or the other", halves.toReversed()],
])("both halves of a reschedule, in %s order, leave nothing to compare", async (person, names) => {
  await arrive(`${person.replaceAll(" ", "-")}-`, ["invitee_created", ...names]);
  clock.advance(91_000);
  await work();
  expect(await runs()).toEqual([]);
});

test("a second half that does not come is asked for, and a missing key is told of", async () => {
  await arrive("half-", ["invitee_created", "invitee_canceled_moved"]);
  expect(await runs()).toEqual([]);
  clock.advance(91_000);
  await work();
  expect(await runs()).toMatchObject([{ status: "failed", error_code: "E_API_KEY_MISSING" }]);
});
