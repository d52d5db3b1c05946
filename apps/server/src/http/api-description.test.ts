import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestHub, type TestHub } from "../../test/test-hub.ts";

interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly tags?: string[];
  readonly parameters?: { readonly name: string; readonly in: string }[];
  readonly responses: Record<string, object>;
}
interface Description {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
}

let testHub: TestHub;
let description: Description;
beforeAll(async () => {
  testHub = await createTestHub();
  description = (await testHub.app.inject({ url: "/api/v1/openapi.json" })).json<Description>();
});
afterAll(() => testHub.close());

/** Every route that Fastify knows, as `GET /api/v1/bookings/{id}`. HEAD comes with GET. */
function registeredRoutes(): string[] {
  const routes: string[] = [];
  const parents: string[] = [];
  for (const line of testHub.app.printRoutes({ commonPrefix: false }).split("\n")) {
    const match = /^(?<indent>(?:[│ ] {3})*)(?:[├└]── )(?<path>\S+) \((?<methods>[^)]+)\)/u.exec(
      line,
    );
    if (match?.groups === undefined) continue;
    const { indent = "", path = "", methods = "" } = match.groups;
    const depth = indent.length / 4;
    parents.length = depth;
    parents[depth] = path;
    const full = parents.join("").replaceAll(/:(\w+)/g, "{$1}");
    for (const method of methods.split(", ")) {
      if (method !== "HEAD") routes.push(`${method} ${full}`);
    }
  }
  return routes;
}

/**
 * What is no part of the API: its own description, the metrics, the dashboard's files, and the words
 * for who opens a source's address.
 */
const undescribed = new Set([
  "GET /api/v1/openapi.json",
  "GET /api/v1/docs",
  "GET /api/v1/docs.css",
  "GET /metrics",
  "GET *",
  "GET /api/webhooks/{kind}",
  "GET /api/webhooks/{kind}/{connection}",
  "GET /api/webhooks/{kind}/{connection}/{token}",
]);

const operations = (): { name: string; path: string; operation: Operation }[] =>
  Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      path,
      operation,
    })),
  );

test("the API is described in OpenAPI 3.1", () => {
  expect(description.openapi).toBe("3.1.0");
});

test("the description has every route, and no other", () => {
  const described = operations().map(({ name }) => name);
  const registered = registeredRoutes().filter((route) => !undescribed.has(route));
  expect(registered.length).toBeGreaterThan(20);
  expect(described.toSorted()).toEqual(registered.toSorted());
});

test("every operation says what it is for, what it takes from its path, and how it fails", () => {
  for (const { name, path, operation } of operations()) {
    expect(operation.summary, name).toMatch(/\w/);
    expect(operation.tags, name).toHaveLength(1);
    const inPath = operation.parameters?.filter((parameter) => parameter.in === "path") ?? [];
    const named = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
    expect(inPath.map((parameter) => parameter.name).toSorted(), name).toEqual(named.toSorted());
    expect(Object.keys(operation.responses), name).toContain("default");
    expect(
      Object.keys(operation.responses).some((status) => /^[23]\d\d$/.test(status)),
      name,
    ).toBe(true);
  }
});

test("nothing in the description leads nowhere", () => {
  const text = JSON.stringify(description);
  for (const [, reference = ""] of text.matchAll(/"\$ref":"([^"]+)"/g)) {
    const steps = reference.replace(/^#\//, "").split("/");
    let found: unknown = description;
    for (const step of steps) found = (found as Record<string, unknown> | undefined)?.[step];
    expect(found, reference).toBeDefined();
  }
});

test("the page for people shows every operation, and needs no script", async () => {
  const { body, headers } = await testHub.app.inject({ url: "/api/v1/docs" });
  expect(headers["content-type"]).toContain("text/html");
  for (const { path } of operations()) expect(body).toContain(path);
  expect(body).not.toMatch(/<script|<style|<[^>]*\s(style|on\w+)=/);
  const css = await testHub.app.inject({ url: "/api/v1/docs.css" });
  expect(css.headers["content-type"]).toContain("text/css");
});
