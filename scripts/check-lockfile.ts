/** The lock file names no download host, so that any registry mirror can serve an install. */
import { readFileSync } from "node:fs";
import { report, root } from "./check-report.ts";

const lines = readFileSync(new URL("package-lock.json", root), "utf8").split("\n");

report(
  lines.flatMap((line, index) =>
    /"(resolved|tarball)": "[a-z+]+:/.test(line)
      ? [`package-lock.json:${index + 1}: ${line.trim()}`]
      : [],
  ),
);
