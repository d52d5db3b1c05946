import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A program of ours in a process of its own. */
export interface ChildProgram {
  /** The lines that it prints, as they come. */
  readonly lines: AsyncIterableIterator<string>;
  /** Ends it the hard way, as `kill -9` does. */
  kill(): Promise<void>;
  /** Its exit code, once it has ended; null when it was killed. */
  readonly exited: Promise<number | null>;
  /** What it has printed as errors so far. */
  readonly errors: () => string;
}

/** @param file a `.ts` file beside this one */
export function startProgram(file: string, args: readonly string[]): ChildProgram {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const exited = once(child, "close").then(([code]) => code as number | null);
  return {
    lines: createInterface({ input: child.stdout })[Symbol.asyncIterator](),
    exited,
    errors: () => errors,
    async kill() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}
