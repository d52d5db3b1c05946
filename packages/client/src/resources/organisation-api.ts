import type { OrganisationSettings, UpdateOrganisation } from "@slotwire/contract";
import type { Calls } from "./resource.ts";

export interface OrganisationApi {
  get(): Promise<OrganisationSettings>;
  update(changes: UpdateOrganisation): Promise<OrganisationSettings>;
}

export const organisationCalls: Calls<OrganisationApi> = { get: "GET", update: "PATCH!" };
