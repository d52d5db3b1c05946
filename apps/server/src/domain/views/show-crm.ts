import type { ActivityResource, BookingResource, TaskResource } from "@slotwire/contract";
import { type KnownContacts, knownContacts, maskId, maskText } from "./known-contacts.ts";
import { HIDDEN } from "./mask-contact.ts";
import { maskUrl, maskValue } from "./mask-values.ts";
import type { Detail } from "./view.ts";

/** Whose contact data may stand in what the CRM has; read for those alone who are not shown it. */
export interface CrmPeople {
  readonly booking: BookingResource | null;
  readonly contacts: readonly { readonly email: string | null; readonly phone: string | null }[];
}

/** An activity as somebody is shown it. Nobody is shown a link that is none of the web. */
export function showActivity(
  activity: ActivityResource,
  detail: Detail,
  people: CrmPeople | null,
): ActivityResource {
  const { meetingUrl = null, ...metadata } = activity.metadata;
  const link = isWebAddress(meetingUrl) ? meetingUrl : null;
  if (detail === "full") return { ...activity, metadata: { ...metadata, meetingUrl: link } };
  if (detail === "ids") return { ...activity, ...bareRecords(activity), subject: "", metadata: {} };
  const known = knownIn(people);
  const shownLink = maskUrl(link, known);
  return {
    ...activity,
    ...maskRecords(activity, known),
    subject: maskText(activity.subject, known),
    description: maskText(withoutLink(activity.description, meetingUrl, shownLink), known),
    metadata: { ...maskMetadata(metadata, known), meetingUrl: shownLink },
  };
}

/** A task as somebody is shown it. */
export function showTask(
  task: TaskResource,
  detail: Detail,
  people: CrmPeople | null,
): TaskResource {
  if (detail === "full") return task;
  if (detail === "ids") return { ...task, ...bareRecords(task), title: "" };
  const known = knownIn(people);
  return {
    ...task,
    ...maskRecords(task, known),
    title: maskText(task.title, known),
    description: maskText(task.description, known),
  };
}

function isWebAddress(url: string | null): url is string {
  return url !== null && /^https?:\/\//i.test(url) && URL.canParse(url);
}

type Records = Pick<TaskResource, "lead" | "contact">;

function bareRecords({ lead, contact }: Records): Records & { description: string } {
  return {
    lead: lead && { ...lead, title: "" },
    contact: contact && { ...contact, name: null },
    description: "",
  };
}

function maskRecords({ lead, contact }: Records, known: KnownContacts): Records {
  return {
    lead: lead && { ...lead, title: maskText(lead.title, known) },
    contact: contact && { ...contact, name: contact.name && maskText(contact.name, known) },
  };
}

function knownIn(people: CrmPeople | null): KnownContacts {
  return knownContacts(people?.booking ?? undefined, { attendees: people?.contacts ?? [] });
}

/** The description repeats the link, which may call somebody as it stands. */
function withoutLink(text: string, link: string | null, shown: string | null): string {
  return link === null || link === shown ? text : text.replaceAll(link, HIDDEN);
}

/** The source's id of the booking is an id, whatever it looks like. */
function maskMetadata(
  { bookingId, ...rest }: Readonly<Record<string, unknown>>,
  known: KnownContacts,
): Record<string, unknown> {
  return {
    ...(maskValue(rest, known) as Record<string, unknown>),
    ...(typeof bookingId === "string" && {
      bookingId: bookingId.includes("@") ? HIDDEN : maskId(bookingId, known),
    }),
  };
}
