import type { HubProcess } from "./hub-process.ts";
import { openInspector } from "./inspector.ts";

/** What V8's sampling profiler returns; the format is that of the DevTools protocol, `Profiler.Profile`. */
interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string };
  readonly children?: readonly number[];
}

/** A share of the profile's time, 0 to 1, and whose it was. */
export interface Share {
  readonly name: string;
  readonly share: number;
}

/** Where one process spent its time, by the code that was running and by whom it ran for. */
export interface ProfileSummary {
  /** The share of the time in which the process waited for something to do. */
  readonly idle: number;
  /** Functions by the time spent in them alone, largest first. */
  readonly functions: readonly Share[];
  /** Rooms of the server and packages by the time spent in them and what they called outside. */
  readonly owners: readonly Share[];
  readonly profile: CpuProfile;
}

/**
 * Samples the hub's main thread while `run` runs.
 * @throws Error when the hub was started without an inspector
 */
export async function profiled<T>(
  hub: HubProcess,
  run: () => Promise<T>,
): Promise<{ result: T; summary: ProfileSummary }> {
  const inspector = await openInspector(hub);
  try {
    await inspector.call("Profiler.enable");
    await inspector.call("Profiler.setSamplingInterval", { interval: 500 });
    await inspector.call("Profiler.start");
    const result = await run();
    const { profile } = (await inspector.call("Profiler.stop")) as { profile: CpuProfile };
    return { result, summary: summarise(profile) };
  } finally {
    inspector.close();
  }
}

/** Adds up a profile. */
function summarise(profile: CpuProfile): ProfileSummary {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const parents = new Map<number, number>();
  for (const node of profile.nodes) {
    for (const child of node.children ?? []) parents.set(child, node.id);
  }
  const functions = new Map<string, number>();
  const owners = new Map<string, number>();
  let idle = 0;
  let total = 0;
  for (const [index, id] of profile.samples.entries()) {
    const time = profile.timeDeltas[index] ?? 0;
    const node = nodes.get(id);
    if (node === undefined) continue;
    total += time;
    if (node.callFrame.functionName === "(idle)") {
      idle += time;
      continue;
    }
    add(functions, nameOf(node), time);
    add(owners, ownerOf(node, nodes, parents), time);
  }
  return {
    idle: idle / total,
    functions: shares(functions, total),
    owners: shares(owners, total),
    profile,
  };
}

function add(sums: Map<string, number>, name: string, time: number): void {
  sums.set(name, (sums.get(name) ?? 0) + time);
}

function shares(sums: ReadonlyMap<string, number>, total: number): Share[] {
  return [...sums]
    .map(([name, time]) => ({ name, share: time / total }))
    .toSorted((a, b) => b.share - a.share);
}

function nameOf(node: ProfileNode): string {
  const { functionName, url } = node.callFrame;
  const place = placeOf(url);
  return `${functionName === "" ? "(anonymous)" : functionName}${place === null ? "" : ` · ${place}`}`;
}

/** The nearest caller that is a room of the server or a package; Node itself owns nothing. */
function ownerOf(
  node: ProfileNode,
  nodes: ReadonlyMap<number, ProfileNode>,
  parents: ReadonlyMap<number, number>,
): string {
  for (let at: ProfileNode | undefined = node; at !== undefined;) {
    const place = placeOf(at.callFrame.url);
    if (place !== null && !place.startsWith("node:")) return place;
    const parent = parents.get(at.id);
    at = parent === undefined ? undefined : nodes.get(parent);
  }
  return node.callFrame.functionName.startsWith("(") ? node.callFrame.functionName : "node";
}

function placeOf(url: string): string | null {
  if (url === "") return null;
  if (url.startsWith("node:")) return url;
  const packaged = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
  if (packaged !== undefined) return packaged;
  return /apps\/server\/src\/([^/]+)/.exec(url)?.[1] ?? /packages\/([^/]+)/.exec(url)?.[1] ?? url;
}
