import { organisationSettingsSchema, updateOrganisationSchema } from "@slotwire/contract";
import { readOrganisation } from "../../access/read-organisation.ts";
import { updateOrganisation } from "../../access/update-organisation.ts";
import type { App, Hub } from "../app.types.ts";
import { requireAuthor, requireRole } from "../authorise.ts";

const tags = ["organisation"];
const response = { 200: organisationSettingsSchema };

/** The organisation's own settings. */
export function organisationRoutes(app: App, hub: Hub): void {
  app.get(
    "/api/v1/organisation",
    { schema: { tags, summary: "Read the organisation's settings", response } },
    (request) => readOrganisation(hub, requireRole(request, "organisation:read").orgId),
  );

  app.patch(
    "/api/v1/organisation",
    {
      schema: {
        tags,
        summary: "Change the organisation's settings",
        description:
          "`raw_message_days`: after so many days the raw bodies of messages are removed; what became of them stays.",
        body: updateOrganisationSchema,
        response,
      },
    },
    (request) =>
      updateOrganisation(hub, requireAuthor(request, "organisation:manage"), request.body),
  );
}
