import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestHub, type TestHub } from "../../test/test-hub.ts";

let folder: string;
let testHub: TestHub;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "slotwire-dashboard-"));
  await mkdir(join(folder, "dist", "assets"), { recursive: true });
  await writeFile(join(folder, "secret.txt"), "outside");
  await writeFile(join(folder, "dist", "index.html"), "<!doctype html><title>Dashboard</title>");
  await writeFile(join(folder, "dist", "icon.svg"), "<svg/>");
  await writeFile(join(folder, "dist", "assets", "main-1a2b3c4d.js"), "run()");
  await writeFile(join(folder, "dist", "assets", "main-1a2b3c4d.js.br"), "compressed");
  testHub = await createTestHub({ dashboardFolder: join(folder, "dist") });
});
afterAll(async () => {
  await testHub.close();
  await rm(folder, { recursive: true });
});

const get = (url: string) => testHub.app.inject({ url });

test("the dashboard's own addresses answer with its first page, never cached blindly", async () => {
  for (const url of ["/", "/sign-in", "/bookings/123?tab=why", "/today"]) {
    const answer = await get(url);
    expect(answer.statusCode, url).toBe(200);
    expect(answer.headers["content-type"]).toContain("text/html");
    expect(answer.headers["cache-control"]).toBe("no-cache");
    expect(answer.body).toContain("Dashboard");
  }
});

test("files whose name carries a hash are cached for ever", async () => {
  const answer = await get("/assets/main-1a2b3c4d.js");
  expect(answer.headers["content-type"]).toMatch(/^(text|application)\/javascript/);
  expect(answer.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
});

test("a browser that understands it gets the compressed file of the build", async () => {
  const url = "/assets/main-1a2b3c4d.js";
  const headers = { "accept-encoding": "gzip, br" };
  const answer = await testHub.app.inject({ url, headers });
  expect(answer.headers["content-encoding"]).toBe("br");
  expect(answer.headers["content-type"]).toMatch(/javascript/);
  expect(answer.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
  expect(answer.body).toBe("compressed");
  expect((await testHub.app.inject({ url, headers: { "accept-encoding": "identity" } })).body).toBe(
    "run()",
  );
  // Without a compressed twin the file itself is sent.
  expect((await testHub.app.inject({ url: "/icon.svg", headers })).body).toBe("<svg/>");
});

test("other files are served by their name, and asked for again", async () => {
  const answer = await get("/icon.svg");
  expect(answer.headers["content-type"]).toContain("image/svg+xml");
  expect(answer.headers["cache-control"]).toBe("no-cache");
});

test("a file that is not there is E_NOT_FOUND and not a page", async () => {
  for (const url of [
    "/assets/main-00000000.js",
    "/favicon.ico",
    "/api/nothing",
    "/functions/v1/x",
  ]) {
    const answer = await get(url);
    expect(answer.json(), url).toMatchObject({ status: 404, code: "E_NOT_FOUND" });
    expect(answer.headers["cache-control"] ?? "").not.toContain("immutable");
  }
});

test("a browser that is sent to a file which is not there gets the dashboard, which says so", async () => {
  const headers = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };
  for (const url of ["/bookings/xyz.html", "/nothing.pdf", "/assets/gone-00000000.js"]) {
    const answer = await testHub.app.inject({ url, headers });
    expect(answer.statusCode, url).toBe(404);
    expect(answer.headers["content-type"]).toContain("text/html");
    expect(answer.headers["cache-control"]).toBe("no-cache");
    expect(answer.body).toContain("Dashboard");
  }
  expect((await testHub.app.inject({ url: "/icon.svg", headers })).body).toBe("<svg/>");
  const script = await testHub.app.inject({ url: "/assets/main-1a2b3c4d.js", headers });
  expect(script.body).toBe("run()");
  for (const url of ["/api/nothing", "/api/v1/bookings/xyz", "/functions/v1/x"]) {
    const answer = await testHub.app.inject({ url, headers });
    expect(answer.headers["content-type"], url).toContain("application/problem+json");
  }
});

test("nothing outside the folder is served", async () => {
  for (const url of [
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/assets/..%2f..%2fsecret.txt",
    "/..\\secret.txt",
  ]) {
    expect((await get(url)).body, url).not.toContain("outside");
    const visit = await testHub.app.inject({ url, headers: { accept: "text/html" } });
    expect(visit.body, url).not.toContain("outside");
  }
});

test("only GET and HEAD reach the dashboard", async () => {
  const head = await testHub.app.inject({ method: "HEAD", url: "/" });
  expect(head.statusCode).toBe(200);
  const post = await testHub.app.inject({ method: "POST", url: "/today" });
  expect(post.json()).toMatchObject({ code: "E_NOT_FOUND" });
});

test("without a built dashboard a page says how to build it", async () => {
  const bare = await createTestHub();
  try {
    const answer = await bare.app.inject({ url: "/" });
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain("npm run build");
  } finally {
    await bare.close();
  }
});
