import { ApiError, type SlotwireClient } from "@slotwire/client";

type Session = Awaited<ReturnType<SlotwireClient["session"]["get"]>>;

/** While a page is made, its parts ask one after another: they get one answer. In milliseconds. */
const KEPT = 10_000;

const asked = new WeakMap<SlotwireClient, Promise<Session>>();

/**
 * Who is signed in. A client that may not know is refused once and for all, and one of which that is clear
 * beforehand does not ask: what browsers are refused they print in red.
 * @throws ApiError when nobody is signed in, or the client may not know
 */
export function readSession(client: SlotwireClient): Promise<Session> {
  const known = asked.get(client);
  if (known !== undefined) return known;
  const answer = ask(client);
  asked.set(client, answer);
  const forget = (): boolean => asked.delete(client);
  answer.then(
    () => setTimeout(forget, KEPT),
    (error: unknown) => {
      if (error instanceof NoSession) return;
      if (!(error instanceof ApiError)) forget();
      else if (error.status !== 403) setTimeout(forget, KEPT);
    },
  );
  return answer;
}

/** The client is one of a page that nobody signs in at. */
class NoSession extends Error {}

async function ask(client: SlotwireClient): Promise<Session> {
  if (!(await client.opensSession())) throw new NoSession();
  return client.session.get();
}
