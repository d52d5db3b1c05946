import type { Connector, Interpretation, SourceApi } from "../src/connectors/connector.ts";
import { memoryConnector } from "../src/connectors/memory/connector.ts";

/** In which way the connector breaks over a message. */
export type Carelessness =
  | "error"
  | "cause"
  | "url"
  | "text"
  | "object"
  | "disguise"
  | "lines"
  | "ask";

/** A connector that was written without care: whatever it is given makes it throw that very thing. */
export const carelessConnector: Connector = {
  ...memoryConnector,
  interpret: (body) => breakOver(body, howOf(body)),
  verify: ({ body }) => {
    throw new Error(`nobody signs ${body.toString()}`);
  },
  api: { defaultUrl: null, open: ({ key }) => carelessApi(key) },
};

/** What it was last asked to break over: its API breaks over that as well. */
let latest: unknown = null;

function breakOver(body: unknown, how: string): Interpretation {
  const text = JSON.stringify(body);
  latest = body;
  if (how === "ask") return { outcome: "fetch", trigger: "ask", summary: "Ask", id: text };
  if (how === "cause") throw new Error("it broke", { cause: new Error(text) });
  // Node's own words repeat the address, and the cause's as well.
  if (how === "url") return new Request(`http://${text}`) as never;
  // oxlint-disable-next-line typescript/only-throw-error -- careless
  if (how === "text") throw text;
  if (how === "object") throw body;
  if (how === "disguise") throw Object.assign(new Error("x"), { name: text, code: text });
  if (how === "lines") throw new Error(`over\n    at ${text}\n    at ${text}`);
  throw new TypeError(`cannot make anything of ${text}`);
}

function howOf(body: unknown): string {
  return typeof body === "object" && body !== null && "how" in body ? String(body.how) : "";
}

function carelessApi(key: string): SourceApi {
  const fail = (): Promise<never> =>
    Promise.reject(new Error(`${key} opens nothing about ${JSON.stringify(latest)}`));
  return { getBooking: fail, listBookings: fail, execute: fail };
}
