import type { CommandListQuery, CommandResource, List } from "@slotwire/contract";
import type { Transport } from "../transport.ts";

export interface CommandsApi {
  /** What the sources of bookings were asked for, the newest first. */
  list(query?: Partial<CommandListQuery>): Promise<List<CommandResource>>;
  get(id: string): Promise<CommandResource>;
  /** Takes it back, as long as it has not been sent. */
  withdraw(id: string): Promise<CommandResource>;
}

export function commandsApi(transport: Transport): CommandsApi {
  const path = "/api/v1/commands";
  return {
    list: (query = {}) => transport.json("GET", path, { query }),
    get: (id) => transport.json("GET", `${path}/${encodeURIComponent(id)}`),
    withdraw: (id) => transport.json("DELETE", `${path}/${encodeURIComponent(id)}`),
  };
}
