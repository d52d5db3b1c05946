import type { ApiError, SlotwireClient } from "@slotwire/client";

export type Session = Awaited<ReturnType<SlotwireClient["session"]["get"]>>;

/** While a page is made, its parts ask one after another: they get one answer. In milliseconds. */
const KEPT = 10_000;

const asked = new WeakMap<SlotwireClient, Promise<Session>>();

/**
 * Who is signed in. A client that may not know is refused once and for all, and one of which that is clear
 * beforehand does not ask: what browsers are refused they print in red.
 * @throws Error when nobody is signed in, or the client may not know
 */
export function readSession(client: SlotwireClient): Promise<Session> {
  const known = asked.get(client);
  if (known !== undefined) return known;
  const answer = ask(client);
  asked.set(client, answer);
  const forget = (): unknown => asked.delete(client);
  answer.then(
    () => setTimeout(forget, KEPT),
    // Somebody may sign in at any time.
    ({ status }: Partial<ApiError>) => status === 403 || forget(),
  );
  return answer;
}

async function ask(client: SlotwireClient): Promise<Session> {
  if (await client.opensSession()) return client.session.get();
  throw Object.assign(new Error("No session"), { status: 403 });
}
