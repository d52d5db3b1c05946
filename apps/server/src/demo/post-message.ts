import type { SimulatedMessage } from "./simulated-calcom.ts";

/** How long the hub may take to answer. Milliseconds. */
const TIMEOUT = 10_000;

/** What the hub said. */
export interface HubAnswer {
  /** HTTP status. */
  readonly status: number;
  /** The fields of its JSON; none when it was no object. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/**
 * Posts a webhook as its source would.
 * @param url the connection's webhook address
 * @returns what was answered; null when nobody did
 */
export async function postMessage(
  url: string,
  message: Pick<SimulatedMessage, "headers" | "body">,
): Promise<HubAnswer | null> {
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: message.headers,
      body: message.body,
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT),
    });
    return { status: answer.status, fields: fieldsOf(await answer.text()) };
  } catch {
    return null;
  }
}

function fieldsOf(text: string): HubAnswer["fields"] {
  try {
    return { ...(JSON.parse(text) as object) };
  } catch {
    return {};
  }
}
