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
import type { Calls } from "./resource.ts";

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

export const connectionsCalls: Calls<ConnectionsApi> = {
  list: "GET",
  get: "GET/:",
  kinds: "GET//connection-kinds",
  create: "POST!",
  update: "PATCH/:!",
  pause: "POST/:/pause",
  resume: "POST/:/resume",
  remove: "DELETE/:",
  rotateSecret: "POST/:/rotate-secret!secret",
  rotateUrlToken: "POST/:/rotate-url-token",
  samples: "GET/:/samples",
  mapping: "GET/:/mapping",
  suggestMapping: "GET/:/mapping/suggestion",
  tryMapping: "POST/:/mapping/try!",
  putMapping: "PUT/:/mapping!",
};
