import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

export const root = new URL("../", import.meta.url);

/** The files that belong to the repository: tracked, or new and not ignored; paths from its root. */
export function repositoryFiles(): string[] {
  const options = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  return execFileSync("git", options, { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 })
    .split("\0")
    .filter((file) => file !== "" && existsSync(new URL(file, root)));
}

/** Ends a check: prints each problem on a line and fails when there is one. */
export function report(problems: readonly string[]): void {
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
}
