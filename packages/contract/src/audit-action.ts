import { bookingEventTypes } from "./status.ts";

/**
 * All that the audit log tells of: `<entity>.<what happened>`, the entity being the thing that it
 * was done to. Lines stay for ever, so no name is taken out again.
 */
export const auditActions = [
  "account.created",
  "account.updated",
  "account.email_change_requested",
  "account.email_change_cancelled",
  "account.asked_about",
  "account.password_set",
  "account.password_changed",
  "account.password_reset",
  "account.password_reset_requested",
  "account.second_factor_enabled",
  "account.second_factor_disabled",
  "account.recovery_codes_renewed",
  "account.recovery_code_used",
  "account.identity_linked",
  "api_key.created",
  "api_key.revoked",
  ...bookingEventTypes,
  "command.requested",
  "command.withdrawn",
  "booking.link_dismissed",
  "connection.created",
  "connection.changed",
  "connection.mapping_changed",
  "connection.paused",
  "connection.resumed",
  "connection.reconciled",
  "connection.reconcile_cancelled",
  "connection.removed",
  "connection.secret_rotated",
  "connection.url_token_rotated",
  "customer.created",
  "customer.changed",
  "demo.changed",
  "delivery.retried",
  "delivery.replayed",
  "delivery.replay_requested",
  "delivery.replay_cancelled",
  "destination.created",
  "destination.changed",
  "destination.paused",
  "destination.resumed",
  "destination.disabled",
  "destination.deleted",
  "destination.secret_rotated",
  "destination.key_changed",
  "destination.portal_link_created",
  "destination.portal_links_revoked",
  "destination.tested",
  "calendar_feed.created",
  "calendar_feed.deleted",
  "alert.acknowledged",
  "alert.resolved",
  "inbound_message.reprocess_requested",
  "inbound_message.reprocess_cancelled",
  "invitation.resent",
  "invitation.link_mailed",
  "invitation.revoked",
  "member.admitted",
  "member.invited",
  "member.joined",
  "member.role_changed",
  "member.updated",
  "member.removed",
  "member.left",
  "organisation.created",
  "organisation.changed",
  "secrets.rotated",
  "session.signed_in",
  "session.signed_out",
  "session.refused",
  "session.ended",
  "session.others_ended",
  "subject.created",
  "subject.changed",
] as const;

export type AuditAction = (typeof auditActions)[number];

type EntityOf<Action> = Action extends `${infer Entity}.${string}` ? Entity : never;
/** A thing that something was done to. */
export type AuditEntity = EntityOf<AuditAction>;

/** The first parts of all actions. */
export const auditEntities: readonly AuditEntity[] = [
  ...new Set(auditActions.map((action) => action.slice(0, action.indexOf(".")) as AuditEntity)),
];
