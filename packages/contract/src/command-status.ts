// Apart from command.ts, whose schemas the dashboard must not load (docs/decisions/0014-dashboard.md).

/** What the hub can ask of the source that owns a booking. */
export const commandKinds = ["cancel", "reschedule", "confirm", "reject", "no_show"] as const;

export type CommandKind = (typeof commandKinds)[number];

/**
 * `queued`: not sent yet, and may be withdrawn. `sending`: it is being sent, or was sent and nobody
 * knows yet whether it took effect. `accepted`: the source took it, and its effect is awaited.
 * `confirmed`: the booking is as it was wanted. `refused`: the source, or the booking's state, said
 * no. `expired`: it was tried, or its effect awaited, for as long as makes sense. `withdrawn`:
 * somebody took it back before it was sent.
 */
export const commandStatuses = [
  "queued",
  "sending",
  "accepted",
  "confirmed",
  "refused",
  "expired",
  "withdrawn",
] as const;

export type CommandStatus = (typeof commandStatuses)[number];

/** Those of a command that is still on its way. */
export const openCommandStatuses: readonly CommandStatus[] = ["queued", "sending", "accepted"];
