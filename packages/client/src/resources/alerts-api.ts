import type { AlertListQuery, AlertResource, List } from "@slotwire/contract";
import type { Transport } from "../transport.ts";

export interface AlertsApi {
  list(query?: Partial<AlertListQuery>): Promise<List<AlertResource>>;
  /** Says that somebody is at it; it stays open. */
  acknowledge(id: string): Promise<AlertResource>;
  /** Says that it is over. */
  resolve(id: string): Promise<AlertResource>;
}

export function alertsApi(transport: Transport): AlertsApi {
  const path = "/api/v1/alerts";
  const one = (id: string): string => `${path}/${encodeURIComponent(id)}`;
  return {
    list: (query = {}) => transport.json("GET", path, { query }),
    acknowledge: (id) => transport.json("POST", `${one(id)}/acknowledge`),
    resolve: (id) => transport.json("POST", `${one(id)}/resolve`),
  };
}
