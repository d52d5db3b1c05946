import type { DestinationResource } from "@slotwire/contract";
import { crmProfile } from "./crm.ts";
import { externalCalendarProfile } from "./external-calendar.ts";
import { makeProfile } from "./make.ts";
import { plainProfile } from "./plain.ts";
import type { Profile } from "./profile.ts";
import { slackProfile } from "./slack.ts";
import { standardProfile } from "./standard.ts";
import { supabaseProfile } from "./supabase.ts";

/** Every profile. A new one is a file beside this and a line here and in the contract. */
export const profiles: Readonly<Record<DestinationResource["profile"], Profile>> = {
  standard: standardProfile,
  external_calendar: externalCalendarProfile,
  make: makeProfile,
  crm: crmProfile,
  slack: slackProfile,
  supabase: supabaseProfile,
  plain: plainProfile,
};
