import type {
  List,
  PageQuery,
  ReconcileFindingResource,
  ReconcileRunListQuery,
  ReconcileRunResource,
  StartReconcile,
} from "@slotwire/contract";
import type { Transport } from "../transport.ts";

export interface ReconcileApi {
  /** Begins to compare a connection's bookings with what its source tells. */
  start(connectionId: string, input?: StartReconcile): Promise<ReconcileRunResource>;
  list(query?: Partial<ReconcileRunListQuery>): Promise<List<ReconcileRunResource>>;
  get(id: string): Promise<ReconcileRunResource>;
  /** What a run found, in the order in which it did. */
  findings(id: string, query?: Partial<PageQuery>): Promise<List<ReconcileFindingResource>>;
  /** Stops a run; what it has put right stays. */
  cancel(id: string): Promise<ReconcileRunResource>;
}

export function reconcileApi(transport: Transport): ReconcileApi {
  const path = "/api/v1/reconcile-runs";
  const one = (id: string): string => `${path}/${encodeURIComponent(id)}`;
  return {
    start: (connectionId, input = {}) =>
      transport.json("POST", `/api/v1/connections/${encodeURIComponent(connectionId)}/reconcile`, {
        body: input,
      }),
    list: (query = {}) => transport.json("GET", path, { query }),
    get: (id) => transport.json("GET", one(id)),
    findings: (id, query = {}) => transport.json("GET", `${one(id)}/findings`, { query }),
    cancel: (id) => transport.json("POST", `${one(id)}/cancel`),
  };
}
