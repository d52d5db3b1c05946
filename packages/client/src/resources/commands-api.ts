import type { CommandListQuery, CommandResource, List } from "@slotwire/contract";
import type { Calls } from "./resource.ts";

export interface CommandsApi {
  /** What the sources of bookings were asked for, the newest first. */
  list(query?: Partial<CommandListQuery>): Promise<List<CommandResource>>;
  get(id: string): Promise<CommandResource>;
  /** Takes it back, as long as it has not been sent. */
  withdraw(id: string): Promise<CommandResource>;
}

export const commandsCalls: Calls<CommandsApi> = {
  list: "GET?",
  get: "GET/:",
  withdraw: "DELETE/:",
};
