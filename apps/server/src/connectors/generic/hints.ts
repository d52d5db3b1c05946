import { type MappedField, mappedTimeFormats, type MappedTimeFormat } from "@slotwire/contract";
import { readTimeZone } from "../read-time-zone.ts";
import { readUrl } from "../read-url.ts";
import { triggerNames } from "./guess-trigger.ts";
import { readAmount } from "./read-amount.ts";
import { readTime } from "./read-time.ts";

const words = (names: string): readonly string[] => names.split(/\s+/);

/** How a field is recognised. */
export interface Hint {
  /** Its own names, the likeliest first; folded. */
  readonly names: readonly string[];
  /** Groups that it may only lie in, or may not. Parts of names, folded. */
  readonly within?: RegExp;
  readonly notWithin?: RegExp;
  readonly accepts: (value: unknown) => boolean;
}

/** Whether it is a text that says something. */
export const isText = (value: unknown): boolean => typeof value === "string" && value.trim() !== "";
const isWord = (value: unknown): boolean => isText(value) && String(value).length <= 60;
const isId = (value: unknown): boolean => isWord(value) || Number.isSafeInteger(value);
const isEmail = (value: unknown): boolean =>
  isText(value) && /^[^\s@]+@[^\s@]+$/.test(String(value));
const isPhone = (value: unknown): boolean =>
  /^\+?[\d\s().-]{6,25}$/.test(String(value)) && typeof value !== "object";
const isMinutes = (value: unknown): boolean =>
  /^\d{1,5}(?:\.\d+)?$|^\d{1,2}:\d{2}$/.test(String(value)) && typeof value !== "object";
const isTime = (value: unknown): boolean => formatOf(value) !== null;
const isAmount = (value: unknown): boolean =>
  (typeof value === "string" || typeof value === "number") && readAmount(value, 2).state !== "none";

/** Groups that tell of whoever does the work, … */
export const staff =
  /host|organi[sz]er|staff|team|provider|owner|user|assignee|therapist|employee|agent/;
/** … of whoever comes, … */
const guest = /attendee|invitee|customer|client|guest|booker|contact|patient|participant|answers/;
/** … and of what is booked. */
const things = /service|type|meetingtype|event|product|offer|treatment|page/;
const people = new RegExp(`${staff.source}|${guest.source}`);

/** How each field is recognised; the others are not guessed. */
export const hints: Partial<Readonly<Record<MappedField, Hint>>> = {
  event: { names: triggerNames, notWithin: /./, accepts: isWord },
  uid: {
    names: words(`bookinguid bookingid appointmentid reservationid sid uid uuid meetingid eventid id
      reference token code`),
    notWithin: people,
    accepts: isId,
  },
  previous_uid: {
    names: words("previousid previousuid previousbookingid oldid olduid oldbookingid"),
    accepts: isId,
  },
  status: { names: ["bookingstatus", "status", "state"], notWithin: people, accepts: isWord },
  start: {
    names: words(`startsat starttime startat startdatetime startdate start begin beginsat begintime
      scheduledat scheduleddate appointmenttime datetime startson startedat from time date`),
    accepts: isTime,
  },
  end: {
    names: words(
      "endsat endtime endat enddatetime enddate end finish finishesat endson endedat until to",
    ),
    accepts: isTime,
  },
  duration: {
    names: words("durationminutes durationinminutes durationmin duration length minutes"),
    accepts: isMinutes,
  },
  time_zone: {
    names: words("timezone tz timezonename zone"),
    accepts: (value) => readTimeZone(value) !== null,
  },
  title: { names: words("title subject summary meetingname eventname"), accepts: isText },
  description: {
    names: words("description notes note comment comments message additionalnotes"),
    accepts: isText,
  },
  location: {
    names: words("location locationname place venue address room"),
    notWithin: people,
    accepts: (value) => isText(value) && readUrl(value) === null,
  },
  meeting_url: {
    names: words(`meetingurl meetinglink joinurl joinlink videourl videolink conferencelink
      conferenceurl spot location link`),
    accepts: (value) => readUrl(value) !== null,
  },
  attendee_name: {
    names: words(`attendeename inviteename customername clientname guestname bookername contactname
      fullname name`),
    notWithin: new RegExp(`${staff.source}|${things.source}`),
    accepts: isText,
  },
  attendee_email: {
    names: words(`attendeeemail inviteeemail customeremail clientemail guestemail bookeremail
      contactemail emailaddress email mail`),
    notWithin: staff,
    accepts: isEmail,
  },
  attendee_phone: {
    names: words(`attendeephone inviteephone customerphone clientphone phonenumber phone mobile
      mobilephone mobilenumber tel telephone smsremindernumber`),
    notWithin: staff,
    accepts: isPhone,
  },
  provider_name: {
    names: words("hostname organizername staffname providername fullname name"),
    within: staff,
    accepts: isText,
  },
  provider_email: {
    names: words("hostemail organizeremail staffemail provideremail email"),
    within: staff,
    accepts: isEmail,
  },
  service_key: {
    names: words("servicekey serviceid slug meetingtypeid eventtypeid eventtypeslug"),
    notWithin: people,
    accepts: isId,
  },
  service_name: {
    names: words(`servicename meetingtypename eventtypename service meetingtype appointmenttype
      eventtype treatment meetingname`),
    notWithin: people,
    accepts: isText,
  },
  price: { names: words("price amount total fee cost"), accepts: isAmount },
  currency: {
    names: ["currency", "currencycode"],
    accepts: (value) => /^[A-Za-z]{3}$/.test(String(value)),
  },
  occurred_at: {
    names: words("occurredat eventtime senttime sentat triggeredat timestamp updatedat modifiedat"),
    accepts: isTime,
  },
  reason: {
    names: words(`cancellationreason cancelreason canceledreason cancelledreason reschedulereason
      reason`),
    accepts: isText,
  },
};

const formats: readonly MappedTimeFormat[] = mappedTimeFormats;

/** In which form a value is a time; null when it is none. */
export function formatOf(value: unknown): MappedTimeFormat | null {
  if (typeof value !== "string" && typeof value !== "number") return null;
  if (/^\d{10}$/.test(String(value))) return "unix_seconds";
  if (/^\d{13}$/.test(String(value))) return "unix_milliseconds";
  const texts = formats.filter((format) => !format.startsWith("unix"));
  return texts.find((format) => readTime(value, format, "UTC") !== null) ?? null;
}
