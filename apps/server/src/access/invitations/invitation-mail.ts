import { oneLine } from "../one-line.ts";
import type { LiveInvitation } from "./invitation-of-token.ts";
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

/** The mail that whoever opened the other link has sent: its link proves that they read it. */
export function joiningMail(
  { email, organisation, expires_at: expiresAt }: LiveInvitation,
  link: string,
): { to: string; subject: string; text: string } {
  const where = oneLine(organisation);
  return {
    to: email,
    subject: `Your link to join ${where}`,
    text: [
      `Somebody opened your invitation to ${where} on Slotwire, and asked for this link.`,
      "If it was you, go on here:",
      "",
      link,
      "",
      `It works once, until ${expiresAt.toISOString().slice(0, 10)} (UTC). Links of earlier mails are dead.`,
      "If it was not you, ignore this mail.",
      "",
    ].join("\n"),
  };
}
