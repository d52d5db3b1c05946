import { AsyncLocalStorage } from "node:async_hooks";
import type { LookupFunction, Socket } from "node:net";
import { buildConnector } from "undici";

/**
 * Where the time of a request's connection went, in milliseconds. A step is null when it was not
 * reached, and all are when the request went over a connection that was open already.
 */
export interface ConnectTimes {
  dnsMs: number | null;
  connectMs: number | null;
  tlsMs: number | null;
}

/**
 * Opens connections, and writes the time of each step to the times of the request that needs it:
 * the HTTP client connects in the context of the request that it has no connection for.
 */
export interface TimedConnector {
  readonly connect: buildConnector.connector;
  /** Does something whose connection, if it needs one, is timed. */
  timed<Result>(times: ConnectTimes, work: () => Result): Result;
}

/** @param timeout milliseconds for a connection to stand, TLS included */
export function createTimedConnector(timeout: number, lookup: LookupFunction): TimedConnector {
  const current = new AsyncLocalStorage<ConnectTimes>();
  const timedLookup: LookupFunction = (hostname, options, callback) => {
    const times = current.getStore();
    const start = performance.now();
    lookup(hostname, options, (...found) => {
      if (times !== undefined) times.dnsMs = performance.now() - start;
      callback(...found);
    });
  };
  const open = buildConnector({
    allowH2: false,
    timeout,
    autoSelectFamily: true,
    lookup: timedLookup,
  });
  return {
    timed: (times, work) => current.run(times, work),
    connect(options, callback) {
      const times = current.getStore();
      const start = performance.now();
      // It returns the socket, which its type does not say.
      const socket = open(options, callback) as unknown as Socket;
      if (times === undefined) return;
      let connectedAt = start;
      socket.once("connect", () => {
        connectedAt = performance.now();
        times.connectMs = connectedAt - start - (times.dnsMs ?? 0);
      });
      socket.once("secureConnect", () => {
        times.tlsMs = performance.now() - connectedAt;
      });
    },
  };
}
