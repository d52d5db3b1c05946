import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ChildProgram, startProgram } from "../../test/child-program.ts";
import { lockDataFolder } from "./data-lock.ts";

let dataDir: string;
const children: ChildProgram[] = [];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "slotwire-lock-"));
});
afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => child.kill()));
  await rm(dataDir, { recursive: true });
});

/** Starts a process that takes the lock, and gives back what it said about it. */
async function otherProcess(): Promise<{ child: ChildProgram; said: string }> {
  const child = startProgram("./hold-data-folder.ts", [dataDir]);
  children.push(child);
  const said = ((await child.lines.next()).value ?? "") as string;
  return { child, said: `${said}${child.errors()}` };
}

const locked = expect.objectContaining({
  code: "E_DATA_LOCKED",
  message: expect.stringContaining("slotwire-lock-"),
});

test("a second process is refused, in words that name the folder", async () => {
  const lock = await lockDataFolder(dataDir);
  const { said } = await otherProcess();
  expect(said).toContain(`E_DATA_LOCKED Another Slotwire process uses the data folder ${dataDir}`);
  lock.release();
});

test("a process that was killed leaves no lock behind", async () => {
  for (let round = 0; round < 3; round++) {
    const { child, said } = await otherProcess();
    expect(said).toBe("locked");
    await expect(lockDataFolder(dataDir)).rejects.toEqual(locked);
    await child.kill();
    (await lockDataFolder(dataDir)).release();
  }
});

test("one process cannot take it twice, and can take it again after giving it back", async () => {
  const first = await lockDataFolder(dataDir);
  await expect(lockDataFolder(dataDir)).rejects.toEqual(locked);
  // The refused attempt has not loosened the first one's lock.
  expect((await otherProcess()).said).toContain("E_DATA_LOCKED");
  first.release();
  (await lockDataFolder(dataDir)).release();
});

test("it makes the folder, and leaves one file in it", async () => {
  const inner = join(dataDir, "new");
  const lock = await lockDataFolder(inner);
  expect(await readdir(inner)).toEqual(["lock.sqlite"]);
  lock.release();
});
