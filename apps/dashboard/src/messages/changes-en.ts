import type { CommandKind, CommandResource } from "@slotwire/contract";

/** The texts in English of changing a booking, here or by asking the source that owns it. */
export const changesEn = {
  title: "Change this booking",
  titleAt: (source: string) => `Change this booking at ${source}`,
  atSource: (source: string) =>
    `${source} owns this booking: it is asked, and the booking changes when ${source} has answered.`,
  notConnected: (source: string) =>
    `${source} owns this booking. Give its connection an API key to change the booking from here.`,
  paused: (source: string) => `${source} owns this booking, and its connection is paused.`,
  unsupported: "The system that owns this booking cannot be asked to change it from here.",
  toConnections: "To the connections",
  nothing: "Nothing can be changed in its present state.",
  actions: {
    confirm: "Confirm",
    reject: "Decline",
    reschedule: "Move",
    no_show: "No-show",
    cancel: "Cancel booking",
  } satisfies Record<CommandKind, string>,
  questions: {
    confirm: (who: string) => `Confirm the booking of ${who}?`,
    reject: (who: string) => `Decline the booking of ${who}?`,
    reschedule: (who: string) => `Move the booking of ${who}`,
    no_show: (who: string) => `${who} did not come?`,
    cancel: (who: string) => `Cancel the booking of ${who}?`,
  } satisfies Record<CommandKind, (who: string) => string>,
  reason: "Reason",
  reasonHint: (source: string | null) =>
    source === null
      ? "Kept with the booking. May be left empty."
      : `${source} may show it to the customer. May be left empty.`,
  day: "Day",
  time: "Start",
  until: (end: string) => `Ends at ${end}; the length stays as it is.`,
  noSuchTime: "Choose a day and a time.",
  keep: "Keep as it is",
  sending: "Asking …",
  pending: {
    confirm: (source: string) => `Confirming at ${source} …`,
    reject: (source: string) => `Declining at ${source} …`,
    reschedule: (source: string) => `Moving at ${source} …`,
    no_show: (source: string) => `Marking as no-show at ${source} …`,
    cancel: (source: string) => `Cancelling at ${source} …`,
  } satisfies Record<CommandKind, (source: string) => string>,
  movesTo: (when: string) => `To ${when}.`,
  state: {
    queued: "Not sent yet.",
    sending: "Sent; the answer is awaited.",
    accepted: "Accepted; it shows here as soon as it is done there.",
  } as Readonly<Partial<Record<CommandResource["status"], string>>>,
  triesAgain: (when: string) => `It is tried again at ${when}.`,
  withdraw: "Withdraw",
  refused: {
    confirm: (source: string) => `${source} did not confirm the booking`,
    reject: (source: string) => `${source} did not decline the booking`,
    reschedule: (source: string) => `${source} did not move the booking`,
    no_show: (source: string) => `${source} did not mark the no-show`,
    cancel: (source: string) => `${source} did not cancel the booking`,
  } satisfies Record<CommandKind, (source: string) => string>,
  unchanged: "The booking is unchanged.",
  hide: "Hide",
  timeline: {
    asked: {
      confirm: (source: string) => `Asked ${source} to confirm it`,
      reject: (source: string) => `Asked ${source} to decline it`,
      reschedule: (source: string) => `Asked ${source} to move it`,
      no_show: (source: string) => `Asked ${source} to mark a no-show`,
      cancel: (source: string) => `Asked ${source} to cancel it`,
    } satisfies Record<CommandKind, (source: string) => string>,
    status: {
      queued: "Not sent yet",
      sending: "Sent, no answer yet",
      accepted: "Accepted, not done yet",
      confirmed: "Done",
      refused: "Refused",
      expired: "Given up",
      withdrawn: "Withdrawn before it was sent",
    } satisfies Record<CommandResource["status"], string>,
    settledAt: (word: string, when: string) => `${word}, ${when}`,
  },
};
