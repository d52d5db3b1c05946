import { oneLine } from "../one-line.ts";
import type { SentInvitation } from "./invitation-row.ts";

/** The mail that brings an invitation's link. Names are people's own words: they stay in one line. */
export function invitationMail(
  { invitation, organisation }: SentInvitation,
  link: string,
): { to: string; subject: string; text: string } {
  const where = oneLine(organisation);
  const who = invitation.invited_by === null ? "You are" : `${oneLine(invitation.invited_by)} has`;
  const invited = invitation.invited_by === null ? "invited" : "invited you";
  return {
    to: invitation.email,
    subject: `Invitation to ${where}`,
    text: [
      `${who} ${invited} to join ${where} on Slotwire as ${invitation.role}.`,
      "",
      "Open this link to join:",
      link,
      "",
      `It works once, until ${invitation.expires_at.slice(0, 10)} (UTC).`,
      "If you expected no invitation, ignore this mail.",
      "",
    ].join("\n"),
  };
}
