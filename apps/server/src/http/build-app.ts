import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import cookie from "@fastify/cookie";
import Fastify, { LogController, type FastifyBaseLogger } from "fastify";
import {
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from "fastify-type-provider-zod";
import { serveApiPage } from "./api-page.ts";
import type { App, Hub } from "./app.types.ts";
import { answerClientErrors } from "./client-errors.ts";
import { serveDashboard } from "./dashboard-files.ts";
import { answerErrors } from "./error-handler.ts";
import { ignoreForwardedNonsense } from "./forwarded.ts";
import { identifyPrincipals } from "./identify.ts";
import { acceptJson } from "./json-body.ts";
import { measureRequests, serveMetrics } from "./metrics.ts";
import { describeApi } from "./openapi.ts";
import { logRequests } from "./request-log.ts";
import { routes } from "./routes.ts";
import { healthRoutes } from "./routes/health.ts";
import { setSecurityHeaders } from "./security-headers.ts";

/** Largest body that is taken: 1 MiB. */
const BODY_LIMIT = 1024 * 1024;

/** How slowly a request may arrive. Milliseconds. */
export interface ArrivalLimits {
  /** For its headers. */
  readonly headers: number;
  /** For all of it. */
  readonly request: number;
  /** Between looks for those that took longer: nobody is cut off earlier than this allows. */
  readonly check: number;
}

const arrivalLimits: ArrivalLimits = { headers: 10_000, request: 30_000, check: 2_000 };

const builtDashboard = fileURLToPath(new URL("../../../dashboard/dist/", import.meta.url));

/** What a test may set apart from the hub itself. */
export interface AppOptions {
  /** Folder of the built dashboard. */
  readonly dashboardFolder?: string;
  readonly arrival?: ArrivalLimits;
}

/**
 * Builds the HTTP side of a hub: nothing listens yet. Closing it closes only itself; the hub's
 * parts are the composition root's.
 */
export async function buildApp(hub: Hub, options: AppOptions = {}): Promise<App> {
  const { publicUrl } = hub.config;
  const log: FastifyBaseLogger = hub.log;
  const arrival = options.arrival ?? arrivalLimits;
  const app: App = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    bodyLimit: BODY_LIMIT,
    requestTimeout: arrival.request,
    http: { headersTimeout: arrival.headers, connectionsCheckingInterval: arrival.check },
    trustProxy: hub.config.trustedProxies.length > 0 && [...hub.config.trustedProxies],
    forceCloseConnections: "idle",
    clientErrorHandler: answerClientErrors(publicUrl),
    // The address itself cannot be read, so no route and no hook has seen the request.
    frameworkErrors(error, request, reply) {
      setSecurityHeaders(request, reply, publicUrl);
      app.errorHandler(error, request, reply);
    },
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);

  app.decorate("clock", hub.clock);
  answerErrors(app, publicUrl);
  app.addHook("onRequest", async (request, reply) => {
    setSecurityHeaders(request, reply, publicUrl);
  });
  if (hub.config.trustedProxies.length > 0) ignoreForwardedNonsense(app);
  hangUpWhenClosing(app);
  logRequests(app, hub.connectors.keys());
  const registry = measureRequests(app);
  await app.register(cookie);
  identifyPrincipals(app, hub);
  acceptJson(app);

  await describeApi(app, hub);
  // A process that only works still tells how it is.
  const isWeb = hub.config.roles.has("web");
  for (const register of isWeb ? routes : [healthRoutes]) {
    await app.register(async (scope) => register(scope.withTypeProvider<ZodTypeProvider>(), hub));
  }
  serveMetrics(app, registry, hub.config);
  if (isWeb) {
    serveApiPage(app);
    await serveDashboard(app, options.dashboardFolder ?? builtDashboard);
  }
  return app;
}

/** A client that has its answer must not keep a hub that is stopping by an idle connection. */
function hangUpWhenClosing(app: App): void {
  let isClosing = false;
  app.addHook("preClose", async () => {
    isClosing = true;
  });
  app.addHook("onSend", async (_request, reply) => {
    if (isClosing) reply.header("connection", "close");
  });
}
