import type {
  CreateDestination,
  CreatePortalLink,
  DeliveryAttemptResource,
  DestinationResource,
  DestinationStatistics,
  DestinationStatisticsQuery,
  DestinationWithSecret,
  List,
  PortalLink,
  PreviewAbout,
  PreviewDraftInput,
  RequestPreview,
  RotateDestinationSecret,
  UpdateDestination,
} from "@slotwire/contract";
import type { Calls } from "./resource.ts";

/** What a new destination needs; the rest has defaults. */
export type NewDestination = Pick<CreateDestination, "name" | "url"> & Partial<CreateDestination>;

export interface DestinationsApi {
  list(): Promise<List<DestinationResource>>;
  get(id: string): Promise<DestinationResource>;
  /** The answer is the only one that shows the secret. */
  create(destination: NewDestination): Promise<DestinationWithSecret>;
  /** Changes what is named; the rest stays. */
  update(id: string, change: UpdateDestination): Promise<DestinationResource>;
  remove(id: string): Promise<void>;
  /** Within a day of the last rotation only when told that the secret before may stop signing. */
  rotateSecret(id: string, input?: RotateDestinationSecret): Promise<DestinationWithSecret>;
  pause(id: string): Promise<DestinationResource>;
  resume(id: string): Promise<DestinationResource>;
  /** Sends a trial that speaks of no booking, and tells how it ended. */
  test(id: string): Promise<DeliveryAttemptResource>;
  /** A link for people who are no members: it shows what was sent there and answered. */
  portalLink(id: string, input?: CreatePortalLink): Promise<PortalLink>;
  /** Ends all links to its log. */
  revokePortalLinks(id: string): Promise<void>;
  /** How each fares, and all of them; of the last 24 hours unless given. */
  statistics(query?: DestinationStatisticsQuery): Promise<DestinationStatistics>;
  /** The request that an event would be sent in, or why none would be. Sends nothing. */
  preview(id: string, about: PreviewAbout): Promise<RequestPreview>;
  /** The same for a destination that is not there yet. */
  previewDraft(draft: PreviewDraftInput): Promise<RequestPreview>;
}

export const destinationsCalls: Calls<DestinationsApi> = {
  list: "GET",
  get: "GET/:",
  create: "POST!",
  update: "PATCH/:!",
  remove: "DELETE/:",
  rotateSecret: "POST/:/rotate-secret!",
  pause: "POST/:/pause",
  resume: "POST/:/resume",
  test: "POST/:/test",
  portalLink: "POST/:/portal-link!",
  revokePortalLinks: "DELETE/:/portal-link",
  statistics: "GET/statistics?",
  preview: "POST/:/preview!",
  previewDraft: "POST/preview!",
};
