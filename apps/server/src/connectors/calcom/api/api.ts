import type { ConnectorApi, ReportedBooking, ReportedPage, SourceApi } from "../../connector.ts";
import { SourceApiError } from "../../source-api-error.ts";
import { executeCommand } from "./commands.ts";
import { readSettings } from "../settings.ts";
import { type Call, callOf } from "./call.ts";
import { isReport, notUnderstood, readBookings } from "./read-bookings.ts";
import { type Reader, reportBooking, type Unreadable } from "./report.ts";
import { pageSchema } from "./schema.ts";

/** The API gives at most 250 at once; 100 with all their answers stay small. */
const PAGE = 100;
const DAY = 24 * 60 * 60 * 1000;

/** Cal.com's API v2, in the cloud or self-hosted. */
export const calcomApi: ConnectorApi = {
  defaultUrl: "https://api.cal.com/v2",
  listsBookings: true,
  open(access): SourceApi {
    const call = callOf(access);
    const { timeZone } = access;
    const reader = { timeZone, settings: readSettings(access.settings) };
    return {
      listBookings: (window, cursor) => listBookings(call, reader, window, cursor),
      getBooking: (uid) => getBooking(call, reader, uid),
      getSeries: (uid) => getSeries(call, reader, uid),
      execute: (command) => executeCommand(call, reader, command),
    };
  },
};

/**
 * One page of the window. The oldest booking comes first: what is booked while the pages are read
 * comes last, and moves nothing to another page. A cancelled booking stays in the list.
 */
async function listBookings(
  call: Call,
  reader: Reader,
  { from, to }: { readonly from: Date; readonly to: Date },
  cursor: string | null,
): Promise<ReportedPage> {
  const skip = cursor === null ? 0 : Number(cursor);
  const query = new URLSearchParams({
    afterStart: from.toISOString(),
    // The API asks for ends: what begins in the window and ends behind it belongs to it too.
    beforeEnd: new Date(to.getTime() + DAY).toISOString(),
    sortCreated: "asc",
    take: String(PAGE),
    skip: String(skip),
  });
  const { body, asOf } = await call({ method: "GET", path: `/bookings?${query.toString()}` });
  const page = pageSchema.safeParse(body);
  if (!page.success) throw notUnderstood();
  const { data, pagination } = page.data;
  const reports = data.map((booking) => reportBooking(booking, asOf, reader));
  const returned = pagination?.returnedItems ?? data.length;
  const hasMore = pagination?.hasNextPage ?? returned >= PAGE;
  return {
    bookings: reports.filter(isReport).filter(({ change }) => begins(change.fields.startsAt, to)),
    unreadable: reports.filter((report): report is Unreadable => !isReport(report)),
    next: hasMore && returned > 0 ? String(skip + returned) : null,
  };
}

const begins = (startsAt: string | undefined, before: Date): boolean =>
  startsAt !== undefined && Date.parse(startsAt) < before.getTime();

/**
 * Under the uid of a series the API answers with all of its occurrences: none of them is it.
 */
async function getBooking(
  call: Call,
  reader: Reader,
  uid: string,
): Promise<ReportedBooking | null> {
  const found = await getAll(call, reader, uid);
  return found.find(({ change }) => change.refs?.uid === uid) ?? null;
}

/** The occurrences of a series; of a single booking's uid that booking. */
function getSeries(call: Call, reader: Reader, uid: string): Promise<ReportedBooking[]> {
  return getAll(call, reader, uid);
}

async function getAll(call: Call, reader: Reader, uid: string): Promise<ReportedBooking[]> {
  try {
    const answer = await call({ method: "GET", path: `/bookings/${encodeURIComponent(uid)}` });
    return readBookings(answer, reader);
  } catch (error) {
    if (error instanceof SourceApiError && error.problem === "not_found") return [];
    throw error;
  }
}
