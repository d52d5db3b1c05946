import type { ConnectionResource, ConnectionSecret, List } from "@slotwire/contract";
import type { Transport } from "../transport.ts";

export interface ConnectionsApi {
  list(): Promise<List<ConnectionResource>>;
  /** Makes a new secret, which only this answer shows. */
  rotateSecret(id: string): Promise<ConnectionSecret>;
}

export function connectionsApi(transport: Transport): ConnectionsApi {
  const path = "/api/v1/connections";
  return {
    list: () => transport.json("GET", path),
    rotateSecret: (id) => transport.json("POST", `${path}/${encodeURIComponent(id)}/rotate-secret`),
  };
}
