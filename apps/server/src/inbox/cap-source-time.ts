import type { ConnectorChange, Interpretation } from "../connectors/connector.ts";
import { isAhead } from "../domain/is-ahead.ts";

/**
 * A source's time that lies far ahead would overtake all that it says until then: such a message
 * counts as of its arrival, and its warning says so.
 */
export function capSourceTime(interpretation: Interpretation, receivedAt: Date): Interpretation {
  if (interpretation.outcome !== "change") return interpretation;
  const { change, warning } = interpretation;
  if (!isAhead(change.occurredAt, receivedAt)) return interpretation;
  const note = `Its source's clock is ahead: it says ${change.occurredAt}. The message counts as of its arrival.`;
  return {
    ...interpretation,
    change: capChange(change, receivedAt),
    warning: warning === undefined ? note : `${warning} ${note}`,
  };
}

/** The same for a change that a source's API told of. @param now when it was told */
export function capChange(change: ConnectorChange, now: Date): ConnectorChange {
  if (!isAhead(change.occurredAt, now)) return change;
  const { occurredAtIfMade, ...rest } = change;
  const occurredAt = now.toISOString();
  return {
    ...rest,
    occurredAt,
    ...(occurredAtIfMade === undefined ? {} : { occurredAtIfMade: occurredAt }),
  };
}
