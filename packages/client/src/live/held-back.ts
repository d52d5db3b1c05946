/** The hub has accepted, but something in between keeps its answer, or gives its own. */
export class HeldBack extends Error {}

/** @throws HeldBack when an answer is of another type */
export function expectType({ headers }: Response, type: string): void {
  const found = headers.get("content-type");
  if (found?.startsWith(type) !== true) throw new HeldBack(`Not ${type}, but ${found}.`);
}
