import { isRecord } from "../../domain/is-record.ts";
import { callSource, type SourceAnswer } from "../call-source.ts";
import { cleanText } from "../clean-text.ts";
import type { ApiAccess, ConnectorApi, ReportedBooking } from "../connector.ts";
import { readInstant } from "../read-instant.ts";
import { SourceApiError } from "../source-api-error.ts";
import { interpret } from "./interpret.ts";

const MAX_LABEL = 500;

/** Where an invitee is, on whatever host: the path of its uri. */
const inviteePath = /\/scheduled_events\/([\w-]{1,100})\/invitees\/([\w-]{1,100})$/;

/**
 * Calendly's API v2 (developer.calendly.com/api-docs/calendly-api), as far as single bookings go:
 * it lists events, not invitees, so that a window cannot be read page by page.
 */
export const calendlyApi: ConnectorApi = {
  defaultUrl: "https://api.calendly.com",
  open: (access) => ({ getBooking: (uri) => getInvitee(access, uri) }),
};

/** An invitee by its uri, with the event that it is of. */
async function getInvitee(access: ApiAccess, uri: string): Promise<ReportedBooking | null> {
  const path = inviteePath.exec(uri);
  if (path === null) return null;
  const [, event = "", invitee = ""] = path;
  try {
    const place = await get(access, `/scheduled_events/${event}/invitees/${invitee}`);
    const meeting = await get(access, `/scheduled_events/${event}`);
    return report(place, meeting, access);
  } catch (error) {
    if (error instanceof SourceApiError && error.problem === "not_found") return null;
    throw error;
  }
}

function get(access: ApiAccess, path: string): Promise<SourceAnswer> {
  return callSource(access, {
    method: "GET",
    path,
    headers: { authorization: `Bearer ${access.key}` },
    reasonIn: (body) => (isRecord(body) ? (body["message"] ?? body["title"]) : null),
  });
}

/** Reads the two resources by the rules for messages: those carry the same two. */
function report(place: SourceAnswer, meeting: SourceAnswer, access: ApiAccess): ReportedBooking {
  const invitee = resourceIn(place.body);
  const event = resourceIn(meeting.body);
  const isCanceled = invitee["status"] === "canceled";
  const isMoved = invitee["rescheduled"] === true;
  const message = {
    event: isCanceled && !isMoved ? "invitee.canceled" : "invitee.created",
    created_at: place.asOf,
    payload: { ...invitee, scheduled_event: event },
  };
  const read = interpret(message, {
    receivedAt: new Date(place.asOf),
    timeZone: access.timeZone,
    settings: {},
    headers: {},
  });
  if (read.outcome !== "change" || read.change.fields.startsAt === undefined) throw notUnderstood();
  const change = { ...read.change, ...noShowOf(invitee) };
  const nextUid = typeof invitee["new_invitee"] === "string" ? invitee["new_invitee"] : null;
  const label = cleanText(change.fields.title, MAX_LABEL) ?? change.refs?.uid ?? "";
  return { change, nextUid, label, asOf: place.asOf };
}

function noShowOf({
  no_show: noShow,
  status,
}: Record<string, unknown>): Partial<ReportedBooking["change"]> {
  if (!isRecord(noShow) || status === "canceled") return {};
  const at = readInstant(noShow["created_at"]);
  return { kind: "no_show", status: "no_show", ...(at === null ? {} : { occurredAt: at }) };
}

function resourceIn(body: unknown): Record<string, unknown> {
  const resource = isRecord(body) ? body["resource"] : null;
  if (isRecord(resource)) return resource;
  throw notUnderstood();
}

const notUnderstood = (): SourceApiError =>
  new SourceApiError("unavailable", "The answer does not have the documented form.");
