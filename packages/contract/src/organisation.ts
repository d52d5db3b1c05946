import { z } from "zod";
import { organisationSchema } from "./session.ts";

/** An organisation with its settings. */
export const organisationSettingsSchema = organisationSchema.extend({
  /** Days until the raw body of a message that was dealt with is removed. */
  raw_message_days: z.int(),
});

export type OrganisationSettings = z.infer<typeof organisationSettingsSchema>;

/** What may be changed of it; what is absent stays. */
export const updateOrganisationSchema = z
  .strictObject({ raw_message_days: z.int().min(1).max(3650) })
  .partial();

export type UpdateOrganisation = z.infer<typeof updateOrganisationSchema>;
