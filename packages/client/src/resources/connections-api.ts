import type {
  ConnectionKind,
  ConnectionMapping,
  ConnectionResource,
  ConnectionSecret,
  ConnectionTokenUrl,
  CreateConnection,
  CreatedConnection,
  List,
  PutMapping,
  Sample,
  SuggestedMapping,
  TriedMapping,
  TryMapping,
  UpdateConnection,
} from "@slotwire/contract";
import type { Transport } from "../transport.ts";

export interface ConnectionsApi {
  list(): Promise<List<ConnectionResource>>;
  get(id: string): Promise<ConnectionResource>;
  /** The kinds of source that the hub can be connected to. */
  kinds(): Promise<List<ConnectionKind>>;
  /** Makes a connection; only this answer shows its secret and its URL token. */
  create(connection: CreateConnection): Promise<CreatedConnection>;
  update(id: string, changes: UpdateConnection): Promise<ConnectionResource>;
  pause(id: string): Promise<ConnectionResource>;
  resume(id: string): Promise<ConnectionResource>;
  /** Ends it. Its messages and bookings stay. */
  remove(id: string): Promise<void>;
  /**
   * Gives it a new secret, which only this answer shows.
   * @param secret the one that the source made; a new one is made when it is absent
   */
  rotateSecret(id: string, secret?: string): Promise<ConnectionSecret>;
  /** Gives it an address with a new token, which only this answer shows. */
  rotateUrlToken(id: string): Promise<ConnectionTokenUrl>;
  /** Examples of its messages, one of each shape, with the paths of their fields. */
  samples(id: string): Promise<List<Sample>>;
  /** What its messages mean by now, where people say so, and the versions before. */
  mapping(id: string): Promise<ConnectionMapping>;
  /** A first mapping, guessed from its messages. */
  suggestMapping(id: string): Promise<SuggestedMapping>;
  /** What a mapping would make of its latest messages. Changes nothing. */
  tryMapping(id: string, trial: TryMapping): Promise<TriedMapping>;
  /**
   * Makes a mapping live.
   * @param ifVersion refused with E_PRECONDITION when another version is live by now
   */
  putMapping(id: string, mapping: PutMapping, ifVersion?: number): Promise<ConnectionMapping>;
}

export function connectionsApi(transport: Transport): ConnectionsApi {
  const path = "/api/v1/connections";
  const one = (id: string): string => `${path}/${encodeURIComponent(id)}`;
  return {
    list: () => transport.json("GET", path),
    get: (id) => transport.json("GET", one(id)),
    kinds: () => transport.json("GET", "/api/v1/connection-kinds"),
    create: (connection) => transport.json("POST", path, { body: connection }),
    update: (id, changes) => transport.json("PATCH", one(id), { body: changes }),
    pause: (id) => transport.json("POST", `${one(id)}/pause`),
    resume: (id) => transport.json("POST", `${one(id)}/resume`),
    remove: (id) => transport.json("DELETE", one(id)),
    rotateSecret: (id, secret) =>
      transport.json(
        "POST",
        `${one(id)}/rotate-secret`,
        secret === undefined ? {} : { body: { secret } },
      ),
    rotateUrlToken: (id) => transport.json("POST", `${one(id)}/rotate-url-token`),
    samples: (id) => transport.json("GET", `${one(id)}/samples`),
    mapping: (id) => transport.json("GET", `${one(id)}/mapping`),
    suggestMapping: (id) => transport.json("GET", `${one(id)}/mapping/suggestion`),
    tryMapping: (id, trial) => transport.json("POST", `${one(id)}/mapping/try`, { body: trial }),
    putMapping: (id, mapping, ifVersion) =>
      transport.json("PUT", `${one(id)}/mapping`, {
        body: mapping,
        ...(ifVersion === undefined ? {} : { headers: { "if-match": `"${ifVersion}"` } }),
      }),
  };
}
