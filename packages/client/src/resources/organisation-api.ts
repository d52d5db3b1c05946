import type { OrganisationSettings, UpdateOrganisation } from "@slotwire/contract";
import type { Transport } from "../transport.ts";

export interface OrganisationApi {
  get(): Promise<OrganisationSettings>;
  update(changes: UpdateOrganisation): Promise<OrganisationSettings>;
}

export function organisationApi(transport: Transport): OrganisationApi {
  const path = "/api/v1/organisation";
  return {
    get: () => transport.json("GET", path),
    update: (changes) => transport.json("PATCH", path, { body: changes }),
  };
}
