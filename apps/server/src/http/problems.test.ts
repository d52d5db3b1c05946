import { connect } from "node:net";
import type { Problem } from "@slotwire/contract";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestHub, type TestHub, withKey } from "../../test/test-hub.ts";

let testHub: TestHub;
beforeAll(async () => {
  testHub = await createTestHub();
});
afterAll(() => testHub.close());

type Answer = Awaited<ReturnType<TestHub["app"]["inject"]>>;

function problemIn(answer: Answer): Problem & Record<string, unknown> {
  expect(answer.headers["content-type"]).toContain("application/problem+json");
  const problem = answer.json<Problem & Record<string, unknown>>();
  expect(problem.status).toBe(answer.statusCode);
  expect(problem.request_id).toBe(answer.headers["x-request-id"]);
  expect(problem.remedy).not.toBe("");
  return problem;
}

const postBooking = (
  payload: string | Buffer,
  headers: Record<string, string> = {},
): Promise<Answer> =>
  testHub.app.inject({
    method: "POST",
    url: "/api/v1/bookings",
    headers: { "content-type": "application/json", ...withKey, ...headers },
    payload,
  });

const times = '"starts_at":"2026-03-01T10:00:00Z","ends_at":"2026-03-01T11:00:00Z"';

test("an unknown address of the API is E_NOT_FOUND", async () => {
  const answer = await testHub.app.inject({ url: "/api/v1/nothing" });
  expect(problemIn(answer)).toMatchObject({ status: 404, code: "E_NOT_FOUND" });
});

test("a method that an address does not have is E_NOT_FOUND", async () => {
  const answer = await testHub.app.inject({ method: "DELETE", url: "/api/v1/bookings" });
  expect(problemIn(answer).code).toBe("E_NOT_FOUND");
});

test("a body that is not JSON is E_JSON", async () => {
  expect(problemIn(await postBooking("{nope"))).toMatchObject({ status: 400, code: "E_JSON" });
});

test("a body that is not UTF-8 is E_JSON", async () => {
  const latin1 = Buffer.concat([Buffer.from('{"title":"'), Buffer.of(0xe5), Buffer.from('"}')]);
  expect(problemIn(await postBooking(latin1)).code).toBe("E_JSON");
});

test("a missing body names the body as what is wrong", async () => {
  const problem = problemIn(await postBooking(""));
  expect(problem).toMatchObject({ status: 422, code: "E_VALIDATION" });
  expect(problem.errors?.[0]?.path).toBe("body");
});

test("another media type than JSON is E_MEDIA_TYPE", async () => {
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/xml"]) {
    const answer = await postBooking("a=b", { "content-type": type });
    expect(problemIn(answer)).toMatchObject({ status: 415, code: "E_MEDIA_TYPE" });
  }
});

test("a body over 1 MiB is E_TOO_LARGE", async () => {
  const answer = await postBooking(`{"title":"${"x".repeat(1024 * 1024)}"}`);
  expect(problemIn(answer)).toMatchObject({ status: 413, code: "E_TOO_LARGE" });
});

test("a body nested deeper than 64 levels is E_TOO_DEEP, however deep", async () => {
  for (const depth of [64, 500_000]) {
    const nested = `${"[".repeat(depth)}${"]".repeat(depth)}`;
    const answer = await postBooking(`{${times},"metadata":{"a":${nested}}}`);
    expect(problemIn(answer)).toMatchObject({ status: 400, code: "E_TOO_DEEP" });
  }
});

test("a body nested 64 levels deep is taken", async () => {
  const nested = `${"[".repeat(62)}${"]".repeat(62)}`;
  const answer = await postBooking(`{${times},"metadata":{"a":${nested}}}`);
  expect(answer.statusCode).toBe(201);
});

test("NUL and lone surrogates are refused where they stand, and never reach the database", async () => {
  const nul = String.raw`\u0000`;
  for (const [body, path] of [
    [`{${times},"title":"a${nul}b"}`, "body.title"],
    [`{${times},"metadata":{"deep":["a","${nul}"]}}`, "body.metadata.deep.1"],
    [`{${times},"metadata":{"a${nul}":1}}`, "body.metadata"],
    [String.raw`{${times},"title":"\ud800"}`, "body.title"],
  ]) {
    const problem = problemIn(await postBooking(body ?? ""));
    expect(problem).toMatchObject({ status: 422, code: "E_VALIDATION" });
    expect(problem.errors?.map((error) => error.path)).toEqual([path]);
  }
});

test("NUL in a query or a path is E_VALIDATION", async () => {
  for (const url of ["/api/v1/bookings?external_id=a%00b", "/api/v1/bookings/%00", "/a%00b"]) {
    const answer = await testHub.app.inject({ url, headers: withKey });
    expect(problemIn(answer)).toMatchObject({ status: 422, code: "E_VALIDATION" });
  }
});

test("a path that is no valid encoding is E_BAD_REQUEST", async () => {
  const answer = await testHub.app.inject({ url: "/api/v1/bookings/%ff", headers: withKey });
  expect(problemIn(answer)).toMatchObject({ status: 400, code: "E_BAD_REQUEST" });
});

test("each wrong field is listed with its path", async () => {
  const answer = await postBooking(
    '{"starts_at":"tomorrow","ends_at":"2026-02-30T10:00:00Z","attendees":[{"email":"no"}],"extra":1}',
  );
  const problem = problemIn(answer);
  expect(problem.code).toBe("E_VALIDATION");
  expect(problem.errors?.map((error) => error.path).toSorted()).toEqual([
    "body",
    "body.attendees.0.email",
    "body.ends_at",
    "body.starts_at",
  ]);
});

test("instants that no calendar of the hub can hold are refused", async () => {
  for (const instant of [
    "0000-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
  ]) {
    const query = `from=${encodeURIComponent(instant)}`;
    const answer = await testHub.app.inject({ url: `/api/v1/bookings?${query}`, headers: withKey });
    expect(problemIn(answer).errors?.[0]?.path).toBe("query.from");
  }
});

test("a cursor that the hub did not make is E_CURSOR", async () => {
  const forged = ["x", "W10", Buffer.from('["now","id"]').toString("base64url")];
  for (const cursor of forged) {
    const answer = await testHub.app.inject({
      url: `/api/v1/bookings?cursor=${cursor}`,
      headers: withKey,
    });
    expect(problemIn(answer)).toMatchObject({ status: 400, code: "E_CURSOR" });
  }
});

test("without a key or a session it is E_UNAUTHENTICATED", async () => {
  const answer = await testHub.app.inject({ url: "/api/v1/bookings" });
  expect(problemIn(answer)).toMatchObject({ status: 401, code: "E_UNAUTHENTICATED" });
  expect(answer.headers["www-authenticate"]).toBe("Bearer");
});

test("an error's type leads to its explanation", async () => {
  const answer = await testHub.app.inject({ url: "/api/v1/nothing" });
  const [page, anchor] = (problemIn(answer).type ?? "").split("#");
  const docs = await testHub.app.inject({ url: new URL(page ?? "").pathname });
  expect(docs.body).toContain(`id="${anchor}"`);
});

test("an unexpected error tells the client nothing and the log no values of rows", async () => {
  const broken = await createTestHub();
  try {
    const secret = "somebody@example.com";
    const failure = Object.assign(new Error(`duplicate key (${secret})`), { code: "23505" });
    Object.assign(broken.hub.db, { transaction: () => Promise.reject(failure) });
    const answer = await broken.app.inject({ url: "/api/v1/bookings", headers: withKey });
    expect(problemIn(answer)).toMatchObject({ status: 500, code: "E_INTERNAL" });
    expect(answer.body).not.toContain(secret);
    expect(broken.logged()).toContain("database error 23505");
    expect(broken.logged()).not.toContain(secret);
  } finally {
    await broken.close();
  }
});

test("a database that cannot be reached is E_UNAVAILABLE, to be tried again", async () => {
  const broken = await createTestHub();
  try {
    const failure = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    Object.assign(broken.hub.db, { transaction: () => Promise.reject(failure) });
    const answer = await broken.app.inject({ url: "/api/v1/bookings", headers: withKey });
    expect(problemIn(answer)).toMatchObject({ status: 503, code: "E_UNAVAILABLE" });
    expect(answer.headers["retry-after"]).toBe("5");
  } finally {
    await broken.close();
  }
});

test("bytes that are no request are answered with a problem document", async () => {
  await testHub.app.listen({ port: 0, host: "127.0.0.1" });
  const { port } = testHub.app.server.address() as AddressInfo;
  const send = (bytes: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
      let answer = "";
      socket.on("data", (chunk) => (answer += chunk.toString()));
      socket.on("error", reject);
      socket.on("close", () => resolve(answer));
    });
  expect(await send("NONSENSE\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 [\s\S]*E_BAD_REQUEST/);
  const huge = `GET / HTTP/1.1\r\nHost: a\r\nCookie: ${"x".repeat(20_000)}\r\n\r\n`;
  expect(await send(huge)).toMatch(/^HTTP\/1\.1 431 [\s\S]*E_HEADERS/);
});

test("whoever hangs up amid a body is no mistake of the hub", async () => {
  const { server } = testHub.app;
  const { port } = server.address() as AddressInfo;
  const before = testHub.logged().length;
  const ended = new Promise<void>((resolve) => {
    server.once("request", (_request, response) => response.once("close", resolve));
  });
  const socket = connect(port, "127.0.0.1", () => {
    const head = "POST /api/v1/bookings HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
    socket.end(`${head}Content-Length: 90\r\n\r\n{"title":`);
  });
  await ended;
  await testHub.app.inject({ url: "/livez" });
  expect(testHub.logged().slice(before)).not.toContain('"msg":"failed"');
});

test("neither cookies, keys, bodies nor query strings are logged", async () => {
  const { cookie } = await testHub.signIn();
  const headers = { cookie, "content-type": "application/json", "sec-fetch-site": "same-origin" };
  await testHub.app.inject({ url: "/api/v1/bookings?external_id=query-secret", headers });
  await testHub.app.inject({ url: "/sign-in?token=token-secret" });
  await testHub.app.inject({
    method: "POST",
    url: "/api/v1/bookings",
    headers,
    payload: '{"title":"body-secret"}',
  });
  const logged = testHub.logged();
  expect(logged).toContain('"route":"/api/v1/bookings"');
  for (const secret of [
    "query-secret",
    "token-secret",
    "body-secret",
    cookie.split("=")[1],
    withKey.authorization,
  ]) {
    expect(logged).not.toContain(secret);
  }
});

test.each(["inbound-messages", "bookings", "booking-events", "customers", "alerts", "audit"])(
  "a filter that the list of %s does not know is E_VALIDATION, and named",
  async (list) => {
    const url = `/api/v1/${list}?limit=1&satus=failed`;
    const problem = problemIn(await testHub.app.inject({ url, headers: withKey }));
    expect(problem).toMatchObject({ status: 422, code: "E_VALIDATION" });
    expect(problem.errors?.[0]).toMatchObject({ path: "query" });
    expect(problem.errors?.[0]?.message).toContain("satus");
  },
);
