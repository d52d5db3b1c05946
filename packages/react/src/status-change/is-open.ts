import type { CommandResource } from "@slotwire/contract";

/** Whether its source has been asked and has not done it yet. */
export const isOpen = ({ status }: CommandResource): boolean =>
  status === "queued" || status === "sending" || status === "accepted";
