import { createServer, type AddressInfo } from "node:net";
import type { Logger } from "pino";
import { createSignInLink } from "../access/create-sign-in-link.ts";
import { ensureDefaultOrganisation } from "../access/ensure-default-organisation.ts";
import { ownerCanSignIn } from "../access/owner-can-sign-in.ts";
import { createPasswordHasher, type ScryptCost } from "../access/password-hash.ts";
import { KeyDirectory } from "../access/key-directory.ts";
import { createStreamTokenSigner } from "../access/stream-token-signer.ts";
import { createPortalLinkSigner } from "../destinations/portal/portal-link-signer.ts";
import { type Clock, systemClock } from "../clock.ts";
import { addressOf, type Config } from "../config.ts";
import { guardConnector } from "../connectors/guard-connector.ts";
import { announceProcess } from "../db/hub-process.ts";
import { ensureKeyCheck } from "../db/key-check.ts";
import { migrate } from "../db/migrate.ts";
import { loggableError } from "../db/loggable-error.ts";
import { openDatabase } from "../db/open-database.ts";
import { openWake } from "../db/open-wake.ts";
import { createSecretBox, sealsNothing } from "../db/secret-box.ts";
import { withDemoSettings } from "../demo/demo-settings.ts";
import { createDestinationDeps } from "../destinations/destination-deps.ts";
import { ensureEnvironmentDestinations } from "../destinations/ensure-environment-destinations.ts";
import { errorTable, SlotwireError } from "../errors.ts";
import type { App, Hub } from "../http/app.types.ts";
import { buildApp } from "../http/build-app.ts";
import { ConnectionDirectory } from "../inbox/connections/connection-directory.ts";
import { ensureEnvironmentConnections } from "../inbox/connections/ensure-environment-connections.ts";
import { createMailer } from "../mail/mailer.ts";
import { createAddressPolicy } from "../network/address-policy.ts";
import { createSystemResolver } from "../network/resolve-host.ts";
import { createSourceFetch } from "../network/source-fetch.ts";
import { connectors } from "./connectors.ts";
import { createLogger } from "./create-logger.ts";
import { masterKeysOf } from "./master-keys.ts";
import { startWorkers, type Workers } from "./start-workers.ts";

/** How long work under way may take when the hub stops. Milliseconds. */
export const DRAIN = 10_000;

/** What a test or the demo may set apart from the settings. */
export interface HubOptions {
  readonly clock?: Clock;
  readonly log?: Logger;
  readonly passwordCost?: ScryptCost;
  /** By kind; those that the hub has unless given. */
  readonly connectors?: Hub["connectors"];
  /** Folder of the built dashboard; the repository's unless given. */
  readonly dashboardFolder?: string;
}

/** A whole hub that runs in this process. */
export interface RunningHub {
  readonly hub: Hub;
  readonly app: App;
  /** The default organisation's first owner. */
  readonly ownerId: string;
  /** Where it listens, without a trailing slash. */
  readonly address: string;
  /**
   * Makes a one-time link that signs the owner in, for one hour: to the default organisation
   * unless another is given.
   */
  readonly signInLink: (orgId?: string) => Promise<string>;
  /**
   * Takes nothing new, lets what is under way finish for ten seconds, and closes everything.
   * Calling it again waits for the same end.
   */
  readonly stop: () => Promise<void>;
}

/**
 * Starts a whole hub: database, migrations, default organisation, what the environment
 * configures, workers, HTTP. With port 0 it takes a free one. One whose master keys do not open
 * what is stored runs, to tell so, but leaves what the environment configures as it is, seals
 * nothing and has no workers.
 * @throws SlotwireError E_CONFIG, E_DATA_LOCKED, E_UNAVAILABLE, E_SECRET_UNREADABLE; whatever
 *   had been opened is closed again
 */
export async function startHub(settings: Config, options: HubOptions = {}): Promise<RunningHub> {
  const config = await withFreePort(withDemoSettings(settings));
  // What was opened closes in reverse: HTTP and workers first, the database last.
  await using opened = new AsyncDisposableStack();
  const { hub, ownerId, opensStored } = await openHub(config, options, opened);
  if (opensStored) await configureFromEnvironment(hub);
  else hub.log.error(wrongMasterKey());
  const app = await buildApp(hub, options);
  let workers: Workers | null = null;
  opened.defer(async () => {
    await Promise.all([closeApp(app), workers?.stop(DRAIN)]);
  });
  // What it cannot open it would fail to do, in the place of a process that can.
  if (config.roles.has("worker") && opensStored) workers = await startWorkers(hub);
  await listen(app, config);
  const running = opened.move();
  let stopping: Promise<void> | null = null;
  return {
    hub,
    app,
    ownerId,
    address: addressOf(config.host, config.port),
    signInLink: (orgId = hub.defaultOrgId) => signInLink(hub, ownerId, orgId),
    stop: () => (stopping ??= running.disposeAsync()),
  };
}

async function openHub(
  config: Config,
  options: HubOptions,
  opened: AsyncDisposableStack,
): Promise<{ hub: Hub; ownerId: string; opensStored: boolean }> {
  const { clock = systemClock, log = createLogger(config.logLevel) } = options;
  const db = await openDatabase(config);
  opened.defer(() => db.close());
  await migrate(db);
  const masterKeys = await masterKeysOf(config);
  const { orgId, ownerId } = await ensureDefaultOrganisation({ db }, config.timeZone);
  const wake = openWake(config.databaseUrl, {
    onBroken: (error) => log.warn({ err: loggableError(error) }, "signals of other nodes are lost"),
  });
  opened.defer(() => wake.close());
  const ring = createSecretBox(masterKeys);
  const opensStored = await ensureKeyCheck(db, ring);
  const secretBox = opensStored ? ring : sealsNothing(ring);
  // The embedded database has this process alone.
  if (db.engine === "postgres") {
    const announced = await announceProcess(db, ring, (error) =>
      log.warn({ err: loggableError(error) }, "this process could not say that it runs"),
    );
    opened.defer(() => announced.stop());
  }
  const passwords = createPasswordHasher(options.passwordCost);
  const connections = new ConnectionDirectory({ db, clock, secretBox });
  const mailer = config.mail === null ? null : createMailer(config.mail);
  opened.defer(() => mailer?.close());
  const sources = createSourceFetch({
    policy: createAddressPolicy(config.allowPrivateDestinations),
    resolve: createSystemResolver(),
    trusted: [config.calcomApi?.url, config.bookmeApi?.url].filter((url) => url != null),
  });
  opened.defer(() => sources.close());
  return {
    hub: {
      config,
      clock,
      log,
      db,
      wake,
      secretBox,
      passwords,
      mailer,
      connections,
      keys: new KeyDirectory({ db, clock, wake }),
      streamTokens: createStreamTokenSigner(masterKeys, clock),
      portalLinks: createPortalLinkSigner(masterKeys, clock),
      connectors: guardConnectors(options.connectors ?? connectors),
      fetchSource: sources.fetch,
      refusedSourceAddress: sources.refusedAddress,
      demo: { controls: null },
      defaultOrgId: orgId,
    },
    ownerId,
    opensStored,
  };
}

function wrongMasterKey(): string {
  const [, title, remedy] = errorTable.E_MASTER_KEY;
  return `${title}: it does no work, seals nothing, and leaves connections and destinations of the environment as they are. ${remedy}`;
}

function guardConnectors(all: Hub["connectors"]): Hub["connectors"] {
  return new Map([...all].map(([kind, connector]) => [kind, guardConnector(connector)]));
}

/** Makes the default organisation's connections and destinations what the settings say. */
async function configureFromEnvironment(hub: Hub): Promise<void> {
  const { config, defaultOrgId, log } = hub;
  await ensureEnvironmentConnections(hub, defaultOrgId, [
    { kind: "calcom", secret: config.calcomWebhookSecret, api: config.calcomApi },
    {
      kind: "bookme",
      secret: config.crmWebhookSecret,
      api: config.bookmeApi,
      needsSecret: true,
    },
    { kind: "supabase", secret: config.supabaseWebhookSecret, needsSecret: true },
    { kind: "external_calendar", secret: config.importApiKey, needsSecret: true },
  ]);
  if (config.importApiKey !== null && config.externalCalendar?.key === config.importApiKey) {
    log.warn(
      "IMPORT_API_KEY lets whoever has it change bookings here, and is sent to the external calendar with every call: set EXTERNAL_CALENDAR_API_KEY to another one",
    );
  }
  const deps = createDestinationDeps(hub, config.allowPrivateDestinations);
  for (const warning of await ensureEnvironmentDestinations(deps, defaultOrgId, config)) {
    log.warn(warning);
  }
}

/** Settings with a real port in them, because addresses are made of it before anything listens. */
async function withFreePort(config: Config): Promise<Config> {
  if (config.port !== 0) return config;
  const port = await freePort(config.host);
  const isOwnAddress = config.publicUrl === addressOf(config.host, 0);
  const publicUrl = isOwnAddress ? addressOf(config.host, port) : config.publicUrl;
  return { ...config, port, publicUrl };
}

function freePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, host, () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

async function listen(app: App, { host, port }: Config): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw explainListenError(error, host, port);
  }
}

function explainListenError(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && "code" in error ? error.code : null;
  const say = (detail: string): SlotwireError =>
    new SlotwireError("E_CONFIG", { detail, cause: error });
  if (code === "EADDRINUSE") {
    return say(`PORT ${port} is taken by another program. Stop it, or set PORT to another number.`);
  }
  if (code === "EACCES") return say(`PORT ${port} is not open to this user. Set PORT above 1023.`);
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
    return say(`HOST ${host} is no address of this machine.`);
  }
  return error;
}

/** Ends the HTTP side; connections that are still busy after the drain are cut. */
async function closeApp(app: App): Promise<void> {
  const timer = setTimeout(() => app.server.closeAllConnections(), DRAIN);
  try {
    await app.close();
  } finally {
    clearTimeout(timer);
  }
}

/** The token is in the fragment: browsers send that to no server, so it lands in no log. */
async function signInLink(hub: Hub, userId: string, orgId: string): Promise<string> {
  const purpose = (await ownerCanSignIn(hub, hub.defaultOrgId)) ? "sign_in" : "setup";
  const { token } = await createSignInLink(hub, { userId, orgId }, purpose);
  return `${hub.config.publicUrl}/sign-in#token=${token}`;
}
