import type { InvitationResource, List, MemberResource, Role } from "@slotwire/contract";
import { queryOptions } from "@tanstack/react-query";
import { hub } from "../../api/hub.ts";

/** Everybody who belongs to the organisation. */
export const membersQuery = queryOptions({
  queryKey: ["members"],
  queryFn: () => everyPage<MemberResource>((page) => hub.members.list(page)),
});

/** What becomes of the keys that a member made, with another role or without any. */
export const memberKeysQuery = (userId: string, role: Role | null) =>
  queryOptions({
    queryKey: ["api-keys", "of-member", userId, role],
    queryFn: () => hub.members.keys(userId, role === null ? {} : { role }),
  });

/** The invitations that are open. */
export const invitationsQuery = queryOptions({
  queryKey: ["invitations"],
  queryFn: () => everyPage<InvitationResource>((page) => hub.invitations.list(page)),
});

/** More than this is not read at once: 10 pages of 200. */
const mostPages = 10;

async function everyPage<Row>(
  read: (page: { limit: number; cursor?: string }) => Promise<List<Row>>,
): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < mostPages; page++) {
    const answer: List<Row> = await read({ limit: 200, ...(cursor === null ? {} : { cursor }) });
    rows.push(...answer.data);
    cursor = answer.next_cursor;
    if (cursor === null) break;
  }
  return rows;
}
