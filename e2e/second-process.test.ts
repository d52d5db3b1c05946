import { rm } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeHubFolder } from "./hub-folder.ts";
import { freePort, type HubProcess, startHubProcess } from "./hub-process.ts";

let folder: string;
const hubs: HubProcess[] = [];
beforeEach(async () => {
  folder = await makeHubFolder();
});
afterEach(async () => {
  await Promise.all(hubs.splice(0).map((hub) => hub.kill()));
  await rm(folder, { recursive: true });
});

async function start(): Promise<HubProcess> {
  const hub = startHubProcess(await freePort(), { SLOTWIRE_DATA_DIR: folder });
  hubs.push(hub);
  return hub;
}

test("a second hub on the same data folder is refused in clear words, and the first goes on", async () => {
  const first = await start();
  await first.ready();
  const second = await start();
  expect(await second.ended()).toBe(1);
  expect(second.output()).toContain("E_DATA_LOCKED");
  expect(second.output()).toContain(folder);
  expect((await fetch(`${first.address}/readyz`)).status).toBe(200);
});

test("after kill -9 the next hub starts on the same data folder", async () => {
  const killed = await start();
  await killed.ready();
  await killed.kill();
  const next = await start();
  await next.ready();
  expect(await next.stop()).toBe(0);
});
