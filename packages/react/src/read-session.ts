import type { SlotwireClient } from "@slotwire/client";

type Session = Awaited<ReturnType<SlotwireClient["session"]["get"]>>;

const asked = new WeakMap<SlotwireClient, Promise<Session>>();

/** Who is signed in. Those who ask while an answer is on its way get that one. */
export function readSession(client: SlotwireClient): Promise<Session> {
  const going = asked.get(client);
  if (going !== undefined) return going;
  const answer = client.session.get().finally(() => asked.delete(client));
  asked.set(client, answer);
  return answer;
}
