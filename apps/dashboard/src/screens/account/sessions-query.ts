import { queryOptions } from "@tanstack/react-query";
import { hub } from "../../api/hub.ts";

/** The browsers that one is signed in with. */
export const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: () => hub.session.list(),
});
