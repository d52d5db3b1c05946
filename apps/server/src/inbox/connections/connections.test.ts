import type { ConnectionResource } from "@slotwire/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type InboxFixture,
  calcomSecret,
  inboxFixture,
  signed,
} from "../../../test/inbox-fixture.ts";
import { createTestOrganisation } from "../../../test/test-database.ts";
import { withKey } from "../../../test/test-hub.ts";
import { hubAuthor } from "../../access/record-audit.ts";
import { ManualClock } from "../../clock.ts";
import { calcomFixture } from "../../connectors/calcom/fixtures.ts";
import { tenant } from "../../db/database.ts";
import { SlotwireError } from "../../errors.ts";
import { ensureEnvironmentConnections } from "./ensure-environment-connections.ts";
import { listConnections } from "./list-connections.ts";
import { rotateConnectionSecret } from "./rotate-connection-secret.ts";

const clock = new ManualClock("2026-01-02T08:00:00.000Z");
const HOUR = 60 * 60 * 1000;

let hub: InboxFixture;
beforeAll(async () => {
  hub = await inboxFixture({ clock });
});
afterAll(() => hub.close());

const connections = async (): Promise<ConnectionResource[]> =>
  (await hub.get<{ data: ConnectionResource[] }>("/api/v1/connections")).body.data;

const ensure = (secret: string | null, orgId = hub.hub.defaultOrgId): Promise<void> =>
  ensureEnvironmentConnections(hub.hub, orgId, [{ kind: "calcom", secret }]);

let count = 0;
/** @returns the status of a message signed with the secret */
async function sendSigned(secret: string, path?: string): Promise<number> {
  const body = Buffer.from(
    JSON.stringify(calcomFixture("booking_created", { uid: `uid-${(count += 1)}` })),
  );
  const headers = { "content-type": "application/json", ...signed(body, secret) };
  return (await hub.sendRaw(body, { headers, ...(path === undefined ? {} : { path }) })).status;
}

async function rotate(id: string): Promise<string> {
  const url = `/api/v1/connections/${id}/rotate-secret`;
  const answer = await hub.app.inject({ method: "POST", url, headers: withKey });
  expect(answer.statusCode).toBe(200);
  return answer.json<{ secret: string }>().secret;
}

describe("the environment's connection", () => {
  test("is listed with the address to paste, and never with its secret", async () => {
    const [connection, ...others] = await connections();
    expect(others).toEqual([]);
    expect(connection).toMatchObject({
      kind: "calcom",
      name: "Cal.com",
      status: "active",
      origin: "environment",
      has_secret: true,
      last_message_at: null,
      webhook_url: `${hub.hub.config.publicUrl}/api/webhooks/calcom/${connection?.id}`,
    });
    expect(JSON.stringify(connection)).not.toContain(calcomSecret);
    const { body } = await hub.get<ConnectionResource>(`/api/v1/connections/${connection?.id}`);
    expect(body).toEqual(connection);
  });

  test("tells when it last heard something", async () => {
    expect(await sendSigned(calcomSecret)).toBe(200);
    expect(await connections()).toMatchObject([{ last_message_at: clock.now().toISOString() }]);
  });

  test("is made once, however often and from wherever it is asked for", async () => {
    const before = await connections();
    await Promise.all(Array.from({ length: 5 }, () => ensure(calcomSecret)));
    expect(await connections()).toEqual(before);
    const { orgId } = await createTestOrganisation(hub.hub.db);
    await Promise.all(Array.from({ length: 5 }, () => ensure("x", orgId)));
    expect(await listConnections(hub.hub, orgId)).toHaveLength(1);
  });

  test("keeps its secret from the API: it is changed where it is set", async () => {
    const [connection] = await connections();
    const url = `/api/v1/connections/${connection?.id}/rotate-secret`;
    const answer = await hub.app.inject({ method: "POST", url, headers: withKey });
    expect(answer.statusCode).toBe(409);
    expect(answer.json()).toMatchObject({ code: "E_ENVIRONMENT" });
  });

  test("takes a new secret of the environment at once, and the old one for a day", async () => {
    const before = await connections();
    await ensure("the next secret");
    expect(await connections()).toEqual(before);
    expect(await sendSigned("the next secret")).toBe(200);
    expect(await sendSigned(calcomSecret)).toBe(200);
    clock.advance(25 * HOUR);
    expect(await sendSigned("the next secret")).toBe(200);
    expect(await sendSigned(calcomSecret)).toBe(401);
    await ensure(calcomSecret);
  });
});

describe("without a secret in the environment", () => {
  test("the connection stays, and its secret can be replaced and is shown once", async () => {
    const [before] = await connections();
    await ensure(null);
    expect(await connections()).toMatchObject([
      { id: before?.id, origin: "user", has_secret: true },
    ]);
    const secret = await rotate(before?.id ?? "");
    expect(secret).toHaveLength(43);
    expect(await sendSigned(secret)).toBe(200);
    expect(await sendSigned(calcomSecret)).toBe(200);
    clock.advance(24 * HOUR - 1);
    expect(await sendSigned(calcomSecret)).toBe(200);
    clock.advance(2);
    expect(await sendSigned(calcomSecret)).toBe(401);
    expect(await sendSigned(secret)).toBe(200);
  });

  test("a new organisation's connection has a secret that nobody knows", async () => {
    const { orgId } = await createTestOrganisation(hub.hub.db);
    await ensure(null, orgId);
    const [connection] = await listConnections(hub.hub, orgId);
    expect(connection).toMatchObject({ origin: "user", has_secret: true });
    const path = `/api/webhooks/calcom/${connection?.id}`;
    expect(await sendSigned("", path)).toBe(401);
    const { secret } = await rotateConnectionSecret(
      hub.hub,
      hubAuthor(orgId),
      connection?.id ?? "",
    );
    expect(await sendSigned(secret, path)).toBe(200);
  });

  test("a connection without any secret takes nothing", async () => {
    const { orgId } = await createTestOrganisation(hub.hub.db);
    await ensure("x", orgId);
    await hub.hub.db.transaction(tenant(orgId), (tx) =>
      tx.query("UPDATE connection SET secret_sealed = NULL WHERE org_id = $1", [orgId]),
    );
    const [connection] = await listConnections(hub.hub, orgId);
    const path = `/api/webhooks/calcom/${connection?.id}`;
    for (const secret of ["", "x", "null"]) expect(await sendSigned(secret, path)).toBe(401);
  });
});

describe("walls between organisations", () => {
  test("one does not see, read or rotate another's connection", async () => {
    const { orgId } = await createTestOrganisation(hub.hub.db);
    await ensure("x", orgId);
    const [foreign] = await listConnections(hub.hub, orgId);
    expect((await connections()).map(({ id }) => id)).not.toContain(foreign?.id);
    expect(await hub.get(`/api/v1/connections/${foreign?.id}`)).toMatchObject({ status: 404 });
    await expect(
      rotateConnectionSecret(hub.hub, hubAuthor(hub.hub.defaultOrgId), foreign?.id ?? ""),
    ).rejects.toThrow(new SlotwireError("E_NOT_FOUND"));
  });

  test("a message lands in the organisation of its connection", async () => {
    const { orgId } = await createTestOrganisation(hub.hub.db);
    await ensure("x", orgId);
    const [foreign] = await listConnections(hub.hub, orgId);
    const before = (await hub.messages()).length;
    expect(await sendSigned("x", `/api/webhooks/calcom/${foreign?.id}`)).toBe(200);
    expect(await hub.messages()).toHaveLength(before);
    const [message] = await hub.hub.db.transaction(tenant(orgId), (tx) =>
      tx.query<{ connection_id: string }>("SELECT connection_id FROM inbound_message"),
    );
    expect(message?.connection_id).toBe(foreign?.id);
  });
});
