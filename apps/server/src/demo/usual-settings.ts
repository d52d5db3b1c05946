import type { DemoSettings } from "@slotwire/contract";

/** How the demo behaves until somebody changes it: every few seconds something happens. */
export const usualSettings: DemoSettings = {
  per_minute: 15,
  duplicate_percent: 10,
  delay_percent: 5,
  delay_seconds: 15,
  reorder_percent: 10,
  fail_percent: 4,
};
