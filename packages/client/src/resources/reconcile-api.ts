import type {
  List,
  PageQuery,
  ReconcileFindingResource,
  ReconcileRunListQuery,
  ReconcileRunResource,
  StartReconcile,
} from "@slotwire/contract";
import type { Calls } from "./resource.ts";

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

export const reconcileCalls: Calls<ReconcileApi> = {
  start: "POST//connections/:/reconcile!",
  list: "GET//reconcile-runs?",
  get: "GET//reconcile-runs/:",
  findings: "GET//reconcile-runs/:/findings?",
  cancel: "POST//reconcile-runs/:/cancel",
};
