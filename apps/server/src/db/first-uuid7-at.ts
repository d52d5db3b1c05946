/** The least UUID of version 7 that can be made at an instant or later: where ids are read by time. */
export function firstUuid7At(instant: Date): string {
  const hex = Math.max(0, instant.getTime()).toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7000-8000-000000000000`;
}
