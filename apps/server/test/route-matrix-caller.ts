import { type Asker, grantOf } from "../src/access/can.ts";
import type { Line } from "./route-matrix.ts";
import type { Thing } from "./route-matrix-world.ts";

export type Headers = Record<string, string>;

/** What becomes of a request: whoever is let in gets the route's own answer. */
export type Outcome = "let in" | "401" | "403" | "404" | "E_KEY_ADDRESS" | "E_CROSS_SITE";

/** A route, as far as it decides who is let in. */
export interface Target {
  readonly method: string;
  readonly path: string;
}

/** Whoever calls: what the table grants them, and the headers that they come with. */
export interface Caller {
  readonly name: string;
  /**
   * A `page` has a publishable key, and a `stream` caller what opens the stream alone. `nobody` is
   * everyone who shows nothing that counts.
   */
  readonly kind: "nobody" | "person" | "stranger" | "key" | "page" | "stream";
  readonly asker: Asker;
  readonly headers: (line: Line) => Promise<Headers>;
  /** How the API turns away whoever shows this, whatever they ask for; null where it does not. */
  readonly turnedAway?: (target: Target) => Outcome | null;
  /** Makers of things that are the caller's own, and asked for instead of others'. */
  readonly own?: Partial<Readonly<Record<Thing, () => Promise<string>>>>;
}

/** Nobody has a role; where it is asked for all the same, nothing is granted. */
export const nothing: Asker = { role: "viewer", scopes: [] };

/** Whether a route finds out who calls before anything else: the API's own, and who asks a role. */
function identifies(gate: Line["gate"], path: string): boolean {
  return path.startsWith("/api/v1/") || typeof gate === "object";
}

/** What the table says that has to happen. */
export function expected({ gate, on }: Line, target: Target, caller: Caller): Outcome {
  const { kind, asker, own, turnedAway } = caller;
  const refusal = identifies(gate, target.path) ? turnedAway?.(target) : null;
  if (refusal != null) return refusal;
  if (gate === "public" || gate === "source") return "let in";
  if (gate === "page") return kind === "page" ? "let in" : "401";
  if (kind === "nobody" || kind === "page") return "401";
  if (kind === "stream" && target.path !== "/api/v1/stream") return "401";
  if (gate === "person") return kind === "key" ? "403" : "let in";
  const grant = grantOf(asker, gate.action);
  if (grant === "none" || (gate.all && grant !== "all")) return "403";
  if (on === undefined) return "let in";
  if (kind === "stranger") return "404";
  return grant === "own" && own?.[on] === undefined ? "404" : "let in";
}
