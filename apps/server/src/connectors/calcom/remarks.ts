import type { Attendee, BookingFields } from "../../domain/booking.ts";
import { isRecord } from "../../domain/is-record.ts";
import { cleanText } from "../clean-text.ts";
import type { Ask, Interpretation } from "../connector.ts";
import { readUrl } from "../read-url.ts";
import { member, readAttendees } from "./fields.ts";
import { type Message, type Said, silent, toInterpretation } from "./message.ts";
import type { CalcomPerson } from "./schema.ts";
import type { RemarkTrigger } from "./triggers.ts";

type Remark = Message & { readonly trigger: RemarkTrigger };

/** A message that tells one thing about a booking: it never makes one, it waits for it. */
export function interpretRemark(message: Remark): Interpretation {
  switch (message.trigger) {
    case "BOOKING_NO_SHOW_UPDATED":
      return noShow(message);
    case "AFTER_GUESTS_CAL_VIDEO_NO_SHOW":
      return guestsNoShow(message);
    case "AFTER_HOSTS_CAL_VIDEO_NO_SHOW":
      return hostNoShow(message, true, {});
    case "RECORDING_READY":
    case "RECORDING_TRANSCRIPTION_GENERATED":
      return recording(message);
  }
}

/** People were marked, or a mark was taken back. */
function noShow(message: Remark): Interpretation {
  const { trigger, booking } = message;
  const marked = (booking.attendees ?? []).filter(({ noShow: mark }) => typeof mark === "boolean");
  const attendees = readAttendees({ ...booking, attendees: marked });
  if (typeof booking.noShowHost === "boolean") {
    return hostNoShow(message, booking.noShowHost, attendees.length === 0 ? {} : { attendees });
  }
  if (attendees.length === 0) {
    return { outcome: "ignored", trigger, reason: "it names no attendee" };
  }
  return toInterpretation(message, missing(attendees));
}

/** Whether the visit is over or still to come, when nobody missed it, is for the ledger to say. */
function missing(attendees: readonly Attendee[]): Said {
  const isMissed = attendees.some(({ status }) => status === "no_show");
  return {
    ...silent,
    kind: isMissed ? "no_show" : "no_show_cleared",
    status: isMissed ? "no_show" : null,
    fields: { attendees },
  };
}

/** Guests who had not joined the call some minutes after its start. */
function guestsNoShow(message: Remark): Interpretation {
  const { trigger, booking } = message;
  const people = booking.attendees ?? [];
  const named = Array.isArray(booking.guests) ? booking.guests.flatMap(asPerson) : [];
  const marked = people.filter(({ noShow: mark }) => mark === true);
  const absent =
    named.length > 0 ? named : marked.length > 0 || people.length > 1 ? marked : people;
  const attendees = readAttendees({ attendees: absent.map((one) => ({ ...one, noShow: true })) });
  if (attendees.length === 0) {
    return { outcome: "ignored", trigger, reason: "it does not say which guests did not come" };
  }
  return toInterpretation(message, missing(attendees));
}

function asPerson(value: unknown): CalcomPerson[] {
  if (typeof value === "string") return [{ email: value }];
  return isRecord(value) ? [{ name: value["name"], email: value["email"] }] : [];
}

/** The visit may have taken place all the same: people see to it. */
function hostNoShow(
  message: Remark,
  isMissed: boolean,
  fields: Partial<BookingFields>,
): Interpretation {
  const { booking } = message;
  const host = cleanText(booking.hostEmail, 320) ?? cleanText(booking.organizer?.email, 320);
  const title = cleanText(booking.title, 200);
  const detail = `${host ?? "the host"} did not come${title === null ? "" : ` to ${title}`}`;
  const asks: Ask[] = isMissed ? [{ kind: "alert", code: "host_no_show", detail }] : [];
  const about = fields.attendees === undefined ? null : missing(fields.attendees);
  const said: Said = {
    ...(about ?? { ...silent, kind: "updated" as const }),
    fields: { ...fields, metadata: { hostNoShow: isMissed } },
  };
  const ending = isMissed ? ": the host did not come" : ": the host came after all";
  return toInterpretation(message, said, { asks, ending });
}

/** The link is short-lived: it stands on the booking's timeline while it lives. */
function recording(message: Remark): Interpretation {
  const { trigger, booking } = message;
  const isTranscript = trigger === "RECORDING_TRANSCRIPTION_GENERATED";
  const links = member(booking.downloadLinks, "transcription");
  const transcript = Array.isArray(links) ? readUrl(member(links[0], "link")) : null;
  const video =
    readUrl(booking.downloadLink) ?? readUrl(member(booking.downloadLinks, "recording"));
  const metadata = {
    ...(video === null ? {} : { recordingUrl: video }),
    ...(transcript === null ? {} : { transcriptUrl: transcript }),
  };
  if (Object.keys(metadata).length === 0) {
    return { outcome: "ignored", trigger, reason: `${trigger} has no link` };
  }
  const ending = isTranscript ? ": there is a transcript" : ": there is a recording";
  return toInterpretation(
    message,
    { ...silent, kind: "updated", fields: { metadata } },
    { ending },
  );
}
