import type { DeliveryAttemptResource } from "@slotwire/contract";
import type { outbound } from "../../messages/outbound.ts";

export type TimingPartName = keyof typeof outbound.attempt.parts;

/** One step of an attempt, in milliseconds. */
export interface TimingPart {
  readonly name: TimingPartName;
  readonly ms: number;
}

/** Where an attempt's time went, in order; steps that were not needed or not reached are left out. */
export function timingParts(
  attempt: Pick<
    DeliveryAttemptResource,
    "dns_ms" | "connect_ms" | "tls_ms" | "first_byte_ms" | "total_ms"
  >,
): TimingPart[] {
  const { dns_ms: dns, connect_ms: connect, tls_ms: tls, total_ms: total } = attempt;
  const opened = (dns ?? 0) + (connect ?? 0) + (tls ?? 0);
  const firstByte = attempt.first_byte_ms;
  const parts: readonly (readonly [TimingPartName, number | null])[] = [
    ["dns", dns],
    ["connect", connect],
    ["tls", tls],
    // Without an answer all the rest was waiting for it.
    ["wait", (firstByte ?? total) - opened],
    ["read", firstByte === null ? null : total - firstByte],
  ];
  return parts.flatMap(([name, ms]) => (ms === null || ms <= 0 ? [] : [{ name, ms }]));
}
