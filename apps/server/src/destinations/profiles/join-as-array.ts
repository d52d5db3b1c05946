/** Several JSON bodies as one JSON array, in their order. */
export function joinAsArray(bodies: readonly string[]): string {
  return `[${bodies.join(",")}]`;
}
