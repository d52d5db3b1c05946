import { resolve } from "node:path";
import { ownerCanSignIn } from "../access/owner-can-sign-in.ts";
import type { Config } from "../config.ts";
import { type Demo, startDemo } from "../demo/start-demo.ts";
import { type HubOptions, type RunningHub, startHub } from "./start-hub.ts";

/** What the running command needs of the process around it. */
export interface Terminal {
  /** Prints text for a person. */
  print(text: string): void;
  /** Resolves at the first signal to stop. */
  readonly stopRequested: Promise<void>;
}

export interface ServeOptions extends HubOptions {
  /** Prints a one-time sign-in link although an owner has a password. */
  readonly signInLink?: boolean;
}

/**
 * Runs the hub until it is told to stop, then drains it.
 * @throws SlotwireError as `startHub`
 */
export async function serve(
  config: Config,
  terminal: Terminal,
  options: ServeOptions = {},
): Promise<void> {
  const running = await startHub(config, options);
  try {
    // The demo's source posts to this very process.
    const plays = config.demo && config.roles.has("web");
    const demo = plays ? await startDemo(running.hub, running) : null;
    terminal.print(await banner(running, demo, options.signInLink ?? false));
    await terminal.stopRequested;
    terminal.print("Stopping: what is under way finishes first.\n");
    await demo?.stop();
  } finally {
    await running.stop();
  }
}

/** What a person reads first. */
async function banner(
  running: RunningHub,
  demo: Demo | null,
  asksForLink: boolean,
): Promise<string> {
  const { config } = running.hub;
  const data =
    config.databaseUrl === null
      ? `embedded database in ${resolve(config.dataDir)}`
      : `PostgreSQL (${new URL(config.databaseUrl).pathname.slice(1)})`;
  const web = config.roles.has("web");
  return [
    "",
    `  Slotwire is running${web ? ` at ${config.publicUrl}` : " as a worker"}`,
    `  Data      ${data}`,
    ...(demo === null ? [] : [`  Demo      ${demo.name}: everything in it is simulated`]),
    ...(web
      ? [
          `  API       ${config.publicUrl}/api/v1/docs`,
          ...(await signInLines(running, demo, asksForLink)),
        ]
      : []),
    "  Ctrl-C stops it.",
    "",
    "",
  ].join("\n");
}

/**
 * Where to sign in. Until an owner has a password, or is known at the sign-in provider, a one-time
 * link is the only way in, and each start prints one.
 */
async function signInLines(
  { hub, signInLink }: RunningHub,
  demo: Demo | null,
  asksForLink: boolean,
): Promise<string[]> {
  const isSetUp = await ownerCanSignIn(hub, hub.defaultOrgId);
  if (isSetUp && !asksForLink) return [`  Sign in   ${hub.config.publicUrl}/sign-in`];
  const until = isSetUp ? "" : "; until an owner has a password, each start prints another";
  return [
    `  Sign in   ${await signInLink(demo?.orgId)}`,
    `            (works once, within one hour${until})`,
  ];
}
