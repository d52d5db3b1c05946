import { closeSync, fdatasyncSync, fsyncSync, openSync } from "node:fs";
import { NodeFS } from "@electric-sql/pglite/nodefs";
import { PGlite } from "@electric-sql/pglite";

/** The part of Emscripten's NODEFS that this file hooks into (PGlite 0.5.16). */
interface NodeFsModule {
  readonly NODEFS: {
    readonly stream_ops: { fsync?: (stream: NodeFsStream) => number };
    realPath(node: unknown): string;
  };
}

interface NodeFsStream {
  readonly nfd?: number | null;
  readonly node: unknown;
}

/**
 * PGlite's file system for Node, with the sync to disk that it lacks: its NODEFS has no fsync
 * callback, so a power cut lost 73–100 % of acknowledged writes. The number of syncs is counted,
 * because an upgrade that renames what is hooked here would lose them silently.
 */
export class DurableNodeFS extends NodeFS {
  syncs = 0;

  override async init(...args: Parameters<NodeFS["init"]>): ReturnType<NodeFS["init"]> {
    const result = await super.init(...args);
    const countSync = (): void => {
      this.syncs += 1;
    };
    const preRun = result.emscriptenOpts.preRun;
    if (!Array.isArray(preRun)) throw new TypeError("PGlite has no preRun hooks to sync from");
    preRun.push((module: unknown) => {
      const { NODEFS } = module as NodeFsModule;
      NODEFS.stream_ops.fsync = (stream) => {
        countSync();
        if (typeof stream.nfd === "number") fdatasyncSync(stream.nfd);
        else syncByPath(NODEFS.realPath(stream.node));
        return 0;
      };
    });
    return result;
  }
}

/** Folders have no open descriptor in NODEFS; some file systems refuse to sync them. */
function syncByPath(path: string): void {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== "EINVAL" && code !== "EISDIR") throw error;
  } finally {
    closeSync(descriptor);
  }
}

/** PGlite starts PostgreSQL with `-F` (fsync off); a durable one must not. */
export const durableStartParams: readonly string[] = [
  ...PGlite.defaultStartParams.filter((param) => param !== "-F"),
  "-c",
  "wal_sync_method=fsync",
];
