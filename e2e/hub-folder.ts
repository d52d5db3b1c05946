import { cp, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject } from "vitest";

/**
 * Makes a data folder for a hub of a test's own, with a database that is migrated already where
 * there is one to copy: making it anew is most of a hub's first start.
 */
export async function makeHubFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "slotwire-hub-"));
  const template = inject("databaseTemplate");
  if (template.engine === "pglite") await cp(template.home, folder, { recursive: true });
  return folder;
}
