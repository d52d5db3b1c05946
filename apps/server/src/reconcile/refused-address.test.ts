import { afterAll, beforeAll, expect, test } from "vitest";
import { type ReconcileFixture, reconcileFixture } from "../../test/reconcile-fixture.ts";
import { withKey } from "../../test/test-hub.ts";
import { createAddressPolicy } from "../network/address-policy.ts";
import { createSourceFetch } from "../network/source-fetch.ts";

let fixture: ReconcileFixture;
beforeAll(async () => {
  // The API of these tests is on this machine, which the settings do not allow.
  fixture = await reconcileFixture({ privateSources: ["10.1.0.0/16"] });
});
afterAll(() => fixture.close());

const ask = async (method: "PATCH" | "POST", path: string, payload: object) => {
  const url = `/api/v1/connections${path}`;
  const answer = await fixture.inbox.app.inject({ method, url, headers: withKey, payload });
  return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
};

test("a private address of a source's API is refused when it is saved, unless the settings allow it", async () => {
  const path = `/${fixture.connectionId}`;
  const before = await fixture.inbox.get<{ data: object[] }>("/api/v1/connections");
  for (const api_url of [
    fixture.api.url,
    "http://10.0.0.5:8080",
    "https://localhost/v2",
    "http://[::1]:3000",
    "http://169.254.169.254/latest",
    "http://0x7f.1",
  ]) {
    const given = { api_url, api_key: "a-key-of-the-tests" };
    const refused = { status: 422, body: { code: "E_SOURCE_ADDRESS" } };
    expect(await ask("PATCH", path, given), api_url).toMatchObject(refused);
    const made = { kind: "calcom", name: `At ${api_url}`, ...given };
    expect(await ask("POST", "", made), api_url).toMatchObject(refused);
  }
  const named = { api_url: "https://me:secret@93.184.215.14", api_key: "a-key-of-the-tests" };
  expect(await ask("PATCH", path, named)).toMatchObject({
    status: 422,
    body: { code: "E_VALIDATION", errors: [{ path: "body.api_url" }] },
  });
  expect(await fixture.inbox.get("/api/v1/connections")).toMatchObject({ body: before.body });
  const allowed = {
    kind: "calcom",
    name: "Ours",
    api_url: "http://10.1.0.5",
    api_key: "a-key-of-1",
  };
  expect(await ask("POST", "", allowed)).toMatchObject({ status: 201 });
});

test("a comparison that may not call the address fails at once, and says why", async () => {
  expect(await fixture.run()).toMatchObject({
    status: "failed",
    error_code: "E_SOURCE_ADDRESS",
    error: expect.stringContaining("127.0.0.1"),
    next_attempt_at: null,
  });
  expect(fixture.api.requests).toEqual([]);
});

test("addresses that the operator set may be private, with every path on them", async () => {
  const sources = createSourceFetch({
    policy: createAddressPolicy([]),
    resolve: () => Promise.reject(new Error("no such name")),
    trusted: ["http://10.0.0.5:8080/v2"],
  });
  expect(await sources.refusedAddress("http://10.0.0.5:8080/v1")).toBeNull();
  expect(await sources.refusedAddress("http://10.0.0.5:8081/v2")).toBe("10.0.0.5");
  expect(await sources.refusedAddress("https://nobody.example")).toBeNull();
  await sources.close();
});
