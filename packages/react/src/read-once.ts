import type { ApiError, SlotwireClient } from "@slotwire/client";

/** What the hub tells a client of itself: `client.session`, `client.organisation`. */
export interface Told<Answer> {
  get(): Promise<Answer>;
}

/** While a page is made, its parts ask one after another: they get one answer. In milliseconds. */
const KEPT = 10_000;

const asked = new WeakMap<object, Promise<unknown>>();

/**
 * Who is signed in, or the organisation. A client that may not know is refused once and for all, and one of
 * which that is clear beforehand does not ask: what browsers are refused they print in red.
 * @throws Error when nobody is signed in, or the client may not know
 */
export function readOnce<Answer>(client: SlotwireClient, told: Told<Answer>): Promise<Answer> {
  const known = asked.get(told) as Promise<Answer> | undefined;
  if (known !== undefined) return known;
  const answer = ask(client, told);
  asked.set(told, answer);
  const forget = (): unknown => asked.delete(told);
  answer.then(
    () => setTimeout(forget, KEPT),
    // Somebody may sign in at any time.
    ({ status }: Partial<ApiError>) => status === 403 || forget(),
  );
  return answer;
}

async function ask<Answer>(client: SlotwireClient, told: Told<Answer>): Promise<Answer> {
  if (await client.opensSession()) return told.get();
  throw Object.assign(new Error("No session"), { status: 403 });
}
