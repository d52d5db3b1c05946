import { endAlert } from "../../alerts/end-alert.ts";
import { openAlert } from "../../alerts/open-alert.ts";
import type { SourceApi } from "../../connectors/connector.ts";
import { SourceApiError } from "../../connectors/source-api-error.ts";
import { tenant } from "../../db/database.ts";
import { loggableError } from "../../db/loggable-error.ts";
import type { InboxDeps } from "../inbox-deps.ts";
import type { SourceConnection } from "./source-connection.ts";

/** The key was not known. 403 is said of a known key as well, which may not do one thing. */
const UNKNOWN_KEY = 401;

/**
 * Lets every call of a source's API tell whether the connection's key is let in: a refusal opens
 * the alert that people see to, the next call that is let in ends it.
 */
export function watchKey(
  { db, clock, wake, log }: Pick<InboxDeps, "db" | "clock" | "wake" | "log">,
  { orgId, id: connectionId }: Pick<SourceConnection, "id" | "orgId">,
  api: SourceApi,
): SourceApi {
  const alert = {
    orgId,
    kind: "credential_failing" as const,
    connectionId,
    about: "the key of its API",
  };
  const open = async (detail: string): Promise<void> => {
    const params = { isHubKey: true, details: [detail] };
    await db.transaction(tenant(orgId), (tx) =>
      openAlert(tx, { ...alert, params, seenAt: clock.now() }),
    );
    wake.signal("deliveries");
  };
  const end = async (): Promise<void> => {
    const ended = await db.transaction(tenant(orgId), (tx) => endAlert(tx, alert, clock.now()));
    if (ended) wake.signal("deliveries");
  };
  /** What the source answered counts, whether or not the alert could be written. */
  const tell = (news: Promise<void>): Promise<void> =>
    news.catch((error: unknown) => {
      const about = { connection: connectionId, err: loggableError(error) };
      log.error(about, "an alert about a key could not be written");
    });
  const watched = async <T>(call: Promise<T>, isRefusal: (error: SourceApiError) => boolean) => {
    try {
      const answer = await call;
      await tell(end());
      return answer;
    } catch (error) {
      if (error instanceof SourceApiError && isRefusal(error)) await tell(open(error.message));
      throw error;
    }
  };
  const isUnauthorised = ({ problem }: SourceApiError): boolean => problem === "unauthorised";
  const isUnknown = ({ status }: SourceApiError): boolean => status === UNKNOWN_KEY;
  const list = api.listBookings?.bind(api);
  const series = api.getSeries?.bind(api);
  const execute = api.execute?.bind(api);
  return {
    getBooking: (uid) => watched(api.getBooking(uid), isUnauthorised),
    ...(list && {
      listBookings: (window, cursor) => watched(list(window, cursor), isUnauthorised),
    }),
    ...(series && { getSeries: (ref) => watched(series(ref), isUnauthorised) }),
    ...(execute && { execute: (command) => watched(execute(command), isUnknown) }),
  };
}
