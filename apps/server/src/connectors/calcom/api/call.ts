import { callSource, type SourceAnswer, type SourceCall } from "../../call-source.ts";
import type { ApiAccess } from "../../connector.ts";
import { reasonIn } from "./schema.ts";

/** Without it the API answers in an older form (cal.com/docs, "API v2 / Bookings"). */
const API_VERSION = "2024-08-13";

/** A call of the API, with all that every call has. */
export type Call = (call: Pick<SourceCall, "method" | "path" | "body">) => Promise<SourceAnswer>;

/** How the API of a connection is called. */
export function callOf({ baseUrl, key, fetch }: ApiAccess): Call {
  // People write the address with the version or without it.
  const root = baseUrl.endsWith("/v2") ? baseUrl : `${baseUrl}/v2`;
  return (call) =>
    callSource(
      { baseUrl: root, fetch },
      {
        ...call,
        headers: { authorization: `Bearer ${key}`, "cal-api-version": API_VERSION },
        reasonIn,
      },
    );
}
