import { isRecord } from "../../domain/is-record.ts";
import { callSource, type SourceAnswer } from "../call-source.ts";
import type { ApiAccess, ConnectorApi, ReportedBooking } from "../connector.ts";
import { SourceApiError } from "../source-api-error.ts";
import { reportAppointment } from "./report.ts";
import { readAcuitySettings } from "./settings.ts";

/** Acuity's API (developers.acuityscheduling.com/reference), which tells what messages leave out. */
export const acuityApi: ConnectorApi = {
  defaultUrl: "https://acuityscheduling.com",
  open: (access) => ({ getBooking: (id) => getAppointment(access, id) }),
};

async function getAppointment(access: ApiAccess, id: string): Promise<ReportedBooking | null> {
  const { user_id: userId, currency } = readAcuitySettings(access.settings);
  if (userId === "") {
    throw new SourceApiError("unauthorised", "The connection's settings lack Acuity's user ID.");
  }
  const askedAt = new Date().toISOString();
  let answer: SourceAnswer;
  try {
    answer = await callSource(access, {
      method: "GET",
      path: `/api/v1/appointments/${encodeURIComponent(id)}`,
      headers: { authorization: basicAuth(userId, access.key) },
      reasonIn: (body) => (isRecord(body) ? body["message"] : null),
    });
  } catch (error) {
    if (error instanceof SourceApiError && error.problem === "not_found") return null;
    throw error;
  }
  const { asOf } = answer;
  const { timeZone } = access;
  const reported = reportAppointment(answer.body, { askedAt, asOf, timeZone, currency });
  if (reported !== null) return reported;
  throw new SourceApiError("unavailable", "The answer does not have the documented form.");
}

/** RFC 7617: the numeric user ID and the API key. */
function basicAuth(userId: string, key: string): string {
  return `Basic ${Buffer.from(`${userId}:${key}`).toString("base64")}`;
}
