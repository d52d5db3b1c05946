import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { Logger } from "pino";
import type { PasswordHasher } from "../access/password-hash.ts";
import type { KeyDirectory, LiveKey } from "../access/key-directory.ts";
import type { Principal } from "../access/principal.ts";
import type { StreamPass } from "../access/stream-pass.ts";
import type { StreamTokenSigner } from "../access/stream-token-signer.ts";
import type { Clock } from "../clock.ts";
import type { Config } from "../config.ts";
import type { Connector } from "../connectors/connector.ts";
import type { Database } from "../db/database.ts";
import type { SecretBox } from "../db/secret-box.ts";
import type { Wake } from "../db/wake.ts";
import type { PortalLinkSigner } from "../destinations/portal/portal-link-signer.ts";
import type { ConnectionDirectory } from "../inbox/connections/connection-directory.ts";
import type { Mailer } from "../mail/mailer.ts";
import type { DemoPlace } from "./demo-controls.types.ts";

/** The running hub: what the composition root made, and every route can use. */
export interface Hub {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
  readonly db: Database;
  readonly wake: Wake;
  readonly secretBox: SecretBox;
  readonly passwords: PasswordHasher;
  /** Null when no mail server is set. */
  readonly mailer: Mailer | null;
  /** Whoever revokes a key tells it. */
  readonly keys: KeyDirectory;
  readonly streamTokens: StreamTokenSigner;
  readonly portalLinks: PortalLinkSigner;
  /** The organisation of the environment's settings, and of addresses that name none. */
  readonly defaultOrgId: string;
  /** Whoever changes a connection tells it. */
  readonly connections: ConnectionDirectory;
  /** By kind. */
  readonly connectors: ReadonlyMap<string, Connector>;
  /** Calls the APIs of sources: `network/source-fetch.ts`. */
  readonly fetchSource: typeof fetch;
  /** Whether they may be called there: `refusedAddress` of the same. */
  readonly refusedSourceAddress: (address: string) => Promise<string | null>;
  /** Holds the demo while one runs in this process. */
  readonly demo: DemoPlace;
}

/** The Fastify instance with zod schemas as types. A routes file is `(app: App, hub: Hub) => void`. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

declare module "fastify" {
  interface FastifyRequest {
    /** Who makes the request; null when nobody is signed in. Set before any handler runs. */
    principal: Principal | null;
    /** When that was begun to be looked up, by `performance.now()`. */
    identifiedAt: number;
    /** The stream token or ticket that the principal came with. Set for the stream alone. */
    streamPass: StreamPass | null;
    /** The publishable key that the request came with: it is nobody's, and reads nothing. */
    publishableKey: LiveKey | null;
  }
}
