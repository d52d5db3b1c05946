import type { SimulatedMessage } from "./simulated-calcom.ts";

/** How long the hub may take to answer. Milliseconds. */
const TIMEOUT = 10_000;

/**
 * Posts a webhook as its source would.
 * @param url the connection's webhook address
 * @returns whether the hub has taken it; anything but 2xx, and no answer at all, is a no
 */
export async function postMessage(url: string, message: SimulatedMessage): Promise<boolean> {
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: message.headers,
      body: message.body,
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT),
    });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}
