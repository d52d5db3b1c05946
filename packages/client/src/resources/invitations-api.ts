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
import type { Transport } from "../transport.ts";

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

export function invitationsApi(transport: Transport): InvitationsApi {
  const path = "/api/v1/invitations";
  const one = (id: string): string => `${path}/${encodeURIComponent(id)}`;
  return {
    list: (query = {}) => transport.json("GET", path, { query }),
    create: (body) => transport.json("POST", path, { body }),
    resend: (id) => transport.json("POST", `${one(id)}/resend`),
    revoke: (id) => transport.json("DELETE", one(id)),
    preview: (token) => transport.json("POST", `${path}/preview`, { body: { token } }),
    mail: (token) => transport.json("POST", `${path}/mail`, { body: { token } }),
    accept: (body) => transport.json("POST", `${path}/accept`, { body }),
  };
}
