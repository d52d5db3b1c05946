import type {
  AcceptInvitation,
  CreatedInvitation,
  CreateInvitation,
  InvitationPreview,
  InvitationResource,
  List,
  PageQuery,
  SessionResource,
} from "@slotwire/contract";
import type { Calls } from "./resource.ts";

export interface InvitationsApi {
  /** Those that are open, the newest first. */
  list(query?: Partial<PageQuery>): Promise<List<InvitationResource>>;
  /** The answer is the only one that shows the link. */
  create(invitation: CreateInvitation): Promise<CreatedInvitation>;
  /** With a new link; the one before stops working. */
  resend(id: string): Promise<CreatedInvitation>;
  revoke(id: string): Promise<void>;
  /** What an invitation's link shows before it is accepted. Nobody has to be signed in. */
  preview(token: string): Promise<InvitationPreview>;
  /** Has the link that makes an account mailed to the invited address. Nobody has to be signed in. */
  mail(token: string): Promise<void>;
  /** Makes whoever holds the link a member, and signs them in. */
  accept(acceptance: AcceptInvitation): Promise<SessionResource>;
}

export const invitationsCalls: Calls<InvitationsApi> = {
  list: "GET?",
  create: "POST!",
  resend: "POST/:/resend",
  revoke: "DELETE/:",
  preview: "POST/preview!token",
  mail: "POST/mail!token",
  accept: "POST/accept!",
};
