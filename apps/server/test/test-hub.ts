import { randomBytes } from "node:crypto";
import { pino } from "pino";
import { createSignInLink } from "../src/access/create-sign-in-link.ts";
import { ensureDefaultOrganisation } from "../src/access/ensure-default-organisation.ts";
import { createPasswordHasher } from "../src/access/password-hash.ts";
import { KeyDirectory } from "../src/access/key-directory.ts";
import { createStreamTokenSigner } from "../src/access/stream-token-signer.ts";
import { createPortalLinkSigner } from "../src/destinations/portal/portal-link-signer.ts";
import { type Clock, systemClock } from "../src/clock.ts";
import { type Config, loadConfig } from "../src/config.ts";
import type { Connector } from "../src/connectors/connector.ts";
import type { Wake } from "../src/db/wake.ts";
import type { App, Hub } from "../src/http/app.types.ts";
import { buildApp } from "../src/http/build-app.ts";
import type { Mailer } from "../src/mail/mailer.ts";
import { ConnectionDirectory } from "../src/inbox/connections/connection-directory.ts";
import { createAddressPolicy } from "../src/network/address-policy.ts";
import { createSystemResolver } from "../src/network/resolve-host.ts";
import { createSourceFetch } from "../src/network/source-fetch.ts";
import { nobodyListens } from "./ledger-fixture.ts";
import { openTestDatabase, testMasterKey, testSecretBox } from "./test-database.ts";

/** The API key of every test hub: an admin of its default organisation. */
export const testApiKey = "a key of the tests, long enough".replaceAll(" ", "-");

/** What a password costs in tests: next to nothing. */
export const testPasswordCost = { logN: 4, r: 8, p: 1 };

export interface TestHub {
  readonly hub: Hub;
  readonly app: App;
  /** The default organisation's owner. */
  readonly ownerId: string;
  /** Connection string of its database; null on the embedded engine. */
  readonly databaseUrl: string | null;
  /** Signs the owner in. @returns the header of a browser that holds the session's cookie */
  readonly signIn: () => Promise<{ cookie: string; "sec-fetch-site": string }>;
  /** Everything that was logged, as JSON lines. */
  readonly logged: () => string;
  readonly close: () => Promise<void>;
}

export interface TestHubOptions {
  /** Private ranges in which sources' APIs may be; all of them unless given. */
  readonly privateSources?: readonly string[];
  readonly clock?: Clock;
  readonly wake?: Wake;
  readonly config?: Partial<Config>;
  readonly connectors?: ReadonlyMap<string, Connector>;
  readonly mailer?: Mailer;
  readonly dashboardFolder?: string;
}

/** Header of a program that holds the API key. */
export const withKey = { authorization: `Bearer ${testApiKey}` };

/**
 * A hub's HTTP side on a database of its own, without workers: requests go in by `app.inject`, or
 * over the network after `app.listen`. Its default organisation's days are Stockholm's.
 */
export async function createTestHub(options: TestHubOptions = {}): Promise<TestHub> {
  const { db, url: databaseUrl, close } = await openTestDatabase();
  const clock = options.clock ?? systemClock;
  const lines: string[] = [];
  const { orgId, ownerId } = await ensureDefaultOrganisation({ db }, "Europe/Stockholm");
  const wake = options.wake ?? nobodyListens;
  const sources = createSourceFetch({
    policy: createAddressPolicy(options.privateSources ?? true),
    resolve: createSystemResolver(),
    trusted: [],
  });
  const hub: Hub = {
    config: { ...loadConfig({ SLOTWIRE_API_KEY: testApiKey }), ...options.config },
    clock,
    log: pino({ level: "debug" }, { write: (line: string) => void lines.push(line) }),
    db,
    wake,
    keys: new KeyDirectory({ db, clock, wake }),
    streamTokens: createStreamTokenSigner([testMasterKey], clock),
    portalLinks: createPortalLinkSigner([testMasterKey], clock),
    secretBox: testSecretBox,
    connections: new ConnectionDirectory({ db, clock, secretBox: testSecretBox }),
    passwords: createPasswordHasher(testPasswordCost),
    mailer: options.mailer ?? null,
    defaultOrgId: orgId,
    connectors: options.connectors ?? new Map(),
    fetchSource: sources.fetch,
    refusedSourceAddress: sources.refusedAddress,
    demo: { controls: null },
  };
  const { dashboardFolder = `/no-dashboard-${randomBytes(4).toString("hex")}` } = options;
  const app = await buildApp(hub, { dashboardFolder });
  return {
    hub,
    app,
    ownerId,
    databaseUrl,
    logged: () => lines.join(""),
    async signIn() {
      const { token } = await createSignInLink(hub, { userId: ownerId, orgId });
      const answer = await app.inject({
        method: "POST",
        url: "/api/v1/session",
        payload: { token },
      });
      const [cookie] = answer.cookies;
      if (cookie === undefined) throw new Error(`no cookie was set: ${answer.body}`);
      return { cookie: `${cookie.name}=${cookie.value}`, "sec-fetch-site": "same-origin" };
    },
    async close() {
      await app.close();
      await hub.wake.close();
      await sources.close();
      await close();
    },
  };
}
