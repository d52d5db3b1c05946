import type { Query, Transport } from "../transport.ts";

type Verb = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/**
 * How a method calls the hub, in one word: `PATCH/:!` is `PATCH` of the resource's path with an id
 * behind it, and a body. Each `:` takes an argument; a path that begins with `//` is not below the
 * resource's. Behind it stands what the next argument is: `?` the query, `!` the body; `!token` a
 * field of the body, and so on for more, with commas between them. Behind a body may come what the
 * change is bound to: the version that it may be made to, or `ChangeOptions`.
 */
export type Call = `${Verb}${string}`;

/** Makes a method of the way in which it calls. */
export type MakeMethod = (call: Call) => <Answer>(...args: unknown[]) => Promise<Answer>;

/** All methods of a resource: how they call, or, where that is more than a call, how they are made. */
export type Calls<Api> = {
  readonly [Name in keyof Api]: Call | ((make: MakeMethod) => Api[Name]);
};

/** Makes the methods of a resource. @param path below `/api/v1/` */
export function makeResource<Api>(transport: Transport, path: string, calls: Calls<Api>): Api {
  const make: MakeMethod = (call) => methodOf(transport, path, call);
  const methods = Object.entries<Call | ((makeOne: MakeMethod) => unknown)>(calls).map(
    ([name, call]) => [name, typeof call === "string" ? make(call) : call(make)],
  );
  return Object.fromEntries(methods) as Api;
}

/** What a change may be bound to. */
export interface ChangeOptions {
  /** The only version that the change may be made to. */
  readonly ifVersion?: number;
  /** Makes a repeated request ask for nothing new. */
  readonly idempotencyKey?: string;
}

function methodOf(transport: Transport, base: string, call: Call): ReturnType<MakeMethod> {
  const [, verb = "", path = "", kind, fields] = /^([A-Z]+)([^?!]*)([?!]?)(.*)$/.exec(call) ?? [];
  return async <Answer>(...args: unknown[]): Promise<Answer> => {
    const full = path.startsWith("//") ? path.slice(1) : `/${base}${path}`;
    const url = `/api/v1${full.replace(/:/g, () => encodeURIComponent(String(args.shift())))}`;
    const [first = {}, bound] = args as [object?, (ChangeOptions | number | null)?];
    const body = fields
      ? Object.fromEntries(fields.split(",").map((name, index) => [name, args[index]]))
      : first;
    const bounds: ChangeOptions = typeof bound === "number" ? { ifVersion: bound } : (bound ?? {});
    const { ifVersion, idempotencyKey } = bounds;
    return transport.json(verb, url, {
      ...(kind === "?" && { query: first as Query }),
      ...(kind === "!" && { body }),
      headers: {
        ...(ifVersion !== undefined && { "if-match": `"${ifVersion}"` }),
        ...(idempotencyKey !== undefined && { "idempotency-key": idempotencyKey }),
      },
    });
  };
}
