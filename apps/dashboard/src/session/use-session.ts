import { useSuspenseQuery } from "@tanstack/react-query";
import { sessionQuery } from "../api/queries.ts";

/** The session; every screen behind the sign-in has one. */
export function useSession() {
  return useSuspenseQuery(sessionQuery).data;
}

/** The IANA zone of the organisation. */
export function useZone(): string {
  return useSession().organisation.time_zone;
}
