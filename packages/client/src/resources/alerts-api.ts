import type { AlertListQuery, AlertResource, List } from "@slotwire/contract";
import type { Calls } from "./resource.ts";

export interface AlertsApi {
  list(query?: Partial<AlertListQuery>): Promise<List<AlertResource>>;
  /** Says that somebody is at it; it stays open. */
  acknowledge(id: string): Promise<AlertResource>;
  /** Says that it is over. */
  resolve(id: string): Promise<AlertResource>;
}

export const alertsCalls: Calls<AlertsApi> = {
  list: "GET?",
  acknowledge: "POST/:/acknowledge",
  resolve: "POST/:/resolve",
};
