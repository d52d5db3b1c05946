import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { takeLease } from "./file-lease.ts";

const MINUTE = 60_000;

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lease-"));
  file = join(folder, "a.lease");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const held = (holder: object | string): Promise<void> =>
  writeFile(file, typeof holder === "string" ? holder : JSON.stringify(holder));

/** The number of a process that has ended. */
async function endedProcess(): Promise<number> {
  const child = spawn(process.execPath, ["--version"], { stdio: "ignore" });
  await once(child, "close");
  return child.pid ?? 0;
}

test("one holds it at a time, and says who", async () => {
  const takes = await Promise.all([1, 2, 3].map(() => takeLease(file, MINUTE)));
  expect(takes.filter(Boolean)).toHaveLength(1);
  const holder: unknown = JSON.parse(await readFile(file, "utf8"));
  expect(holder).toMatchObject({ host: hostname(), pid: process.pid });
});

test("a process that has ended holds nothing", async () => {
  await held({ host: hostname(), pid: await endedProcess(), since: Date.now() });
  expect(await takeLease(file, MINUTE)).toBe(true);
  expect(await takeLease(file, MINUTE)).toBe(false);
});

test("an earlier process of the same number holds nothing, as in a container that was restarted", async () => {
  await held({ host: hostname(), pid: process.pid, since: performance.timeOrigin - 1 });
  expect(await takeLease(file, MINUTE)).toBe(true);
});

test.each([
  ["a process that runs", { host: hostname(), pid: process.ppid, since: 0 }],
  ["a process of another machine", { host: "another.example", pid: 1, since: 0 }],
  ["nobody by name, as when a disk is full", ""],
  ["somebody who says it otherwise", "null"],
  ["no process", { host: hostname(), pid: -1, since: 0 }],
])("what %s holds is anybody's only when it is old", async (_who, holder) => {
  await held(holder);
  expect(await takeLease(file, MINUTE)).toBe(false);
  const past = Date.now() / 1000 - 61;
  await utimes(file, past, past);
  expect(await takeLease(file, MINUTE)).toBe(true);
});

test("nobody holds anything in a folder that is not there", async () => {
  expect(await takeLease(join(folder, "nowhere", "a.lease"), MINUTE)).toBe(false);
});
