import { BlockList, isIPv4, isIPv6 } from "node:net";
import type { FastifyRequest } from "fastify";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Config } from "../config.ts";
import { SlotwireError } from "../errors.ts";
import { sameSecret } from "../same-secret.ts";
import type { App } from "./app.types.ts";

/** Seconds; the middle ones are the numbers that the hub has to hold. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/**
 * Measures every request by its route, never by its path: ids would make endless series.
 * @returns the registry that `/metrics` prints
 */
export function measureRequests(app: App): Registry {
  const registry = new Registry();
  const labelNames = ["method", "route", "status"] as const;
  const duration = new Histogram({
    name: "slotwire_http_request_duration_seconds",
    help: "Time from a request to the end of its answer; streams are left out.",
    labelNames,
    buckets,
    registers: [registry],
  });
  const requests = new Counter({
    name: "slotwire_http_requests_total",
    help: "Requests that were answered.",
    labelNames,
    registers: [registry],
  });
  addProcessGauges(registry);
  app.addHook("onResponse", async (request, reply) => {
    const labels = {
      method: request.method,
      route: request.routeOptions.url ?? "none",
      status: String(reply.statusCode),
    };
    requests.inc(labels);
    const isStream = String(reply.getHeader("content-type")).startsWith("text/event-stream");
    if (!isStream) duration.observe(labels, reply.elapsedTime / 1000);
  });
  return registry;
}

function addProcessGauges(registry: Registry): void {
  const gauge = (name: string, help: string, read: () => number): Gauge =>
    new Gauge({
      name,
      help,
      registers: [],
      collect() {
        this.set(read());
      },
    });
  registry.registerMetric(
    gauge("process_resident_memory_bytes", "Memory that the process holds.", () =>
      process.memoryUsage.rss(),
    ),
  );
  registry.registerMetric(
    gauge("process_uptime_seconds", "Time since the process started.", () => process.uptime()),
  );
}

/**
 * Serves the numbers in the format of Prometheus. A scraper has to show the settings' token;
 * without one only this machine is answered, by a name that is its own, and not what says that it
 * was passed on from elsewhere.
 */
export function serveMetrics(
  app: App,
  registry: Registry,
  { metricsToken: token, publicUrl }: Pick<Config, "metricsToken" | "publicUrl">,
): void {
  const isOpen = (request: FastifyRequest): boolean =>
    isFromHere(request) && isForHere(request, publicUrl);
  app.get("/metrics", async (request, reply) => {
    if (token === null ? !isOpen(request) : !showsToken(request, token)) {
      throw new SlotwireError(token === null ? "E_NOT_FOUND" : "E_UNAUTHENTICATED");
    }
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}

function showsToken({ headers }: FastifyRequest, token: string): boolean {
  const given = /^Bearer +(\S+)$/i.exec(headers.authorization ?? "")?.[1];
  return given !== undefined && sameSecret(given, token);
}

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/** A proxy on this machine speaks for others: as a rule it says so in one of these. */
const forwardingHeaders = ["forwarded", "via", "x-forwarded-for", "x-real-ip"];

function isFromHere({ socket, headers }: FastifyRequest): boolean {
  const isHere = isLoopback(socket.remoteAddress ?? "");
  return isHere && !forwardingHeaders.some((name) => name in headers);
}

/**
 * Whether it was asked for by this machine's name or the hub's. A page of any site may have its
 * own name point here (DNS rebinding), and then reads what this machine's browser gets.
 */
function isForHere({ headers }: FastifyRequest, publicUrl: string): boolean {
  const address = `http://${headers.host ?? ""}`;
  if (!URL.canParse(address)) return false;
  const { hostname } = new URL(address);
  const isOwnName = hostname === "localhost" || hostname === new URL(publicUrl).hostname;
  return isOwnName || isLoopback(hostname.replace(/^\[(.*)\]$/, "$1"));
}

function isLoopback(address: string): boolean {
  return (
    (isIPv4(address) && loopback.check(address, "ipv4")) ||
    (isIPv6(address) && loopback.check(address, "ipv6"))
  );
}
