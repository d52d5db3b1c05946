import { queryOptions } from "@tanstack/react-query";
import { hub } from "../../api/hub.ts";

/** The kinds of source that the hub can be connected to. */
export const connectionKindsQuery = queryOptions({
  queryKey: ["connection-kinds"],
  queryFn: () => hub.connections.kinds(),
  staleTime: Number.POSITIVE_INFINITY,
});
