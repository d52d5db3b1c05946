import type { DestinationResource } from "@slotwire/contract";
import { externalCalendarProfile } from "./external-calendar.ts";
import { makeProfile } from "./make.ts";
import type { Profile } from "./profile.ts";
import { standardProfile } from "./standard.ts";

/** Every profile. A new one is a file beside this and a line here and in the contract. */
export const profiles: Readonly<Record<DestinationResource["profile"], Profile>> = {
  standard: standardProfile,
  external_calendar: externalCalendarProfile,
  make: makeProfile,
};
