import type { DeliveryAttemptResource } from "@slotwire/contract";

/** What stands where the hub showed no secret. */
const PLACEHOLDER = "YOUR_KEY";
/** curl says these itself. */
const ownHeaders: ReadonlySet<string> = new Set(["host", "content-length", "connection"]);

/**
 * The command that sends an attempt's request once more from a terminal. Keys are placeholders,
 * also those in the address.
 * @param url the destination's; null when the reader may not see it
 */
export function asCurl(
  {
    request_headers: headers,
    request_body: body,
  }: Pick<DeliveryAttemptResource, "request_headers" | "request_body">,
  url: string | null,
): string {
  const lines = [`curl --request POST ${quoted(url === null ? "https://…" : withoutSecrets(url))}`];
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (ownHeaders.has(name)) continue;
    lines.push(`--header ${quoted(`${name}: ${value.replaceAll("•••", PLACEHOLDER)}`)}`);
  }
  if (body !== null) lines.push(`--data-raw ${quoted(body)}`);
  return lines.join(" \\\n  ");
}

/** A word of a POSIX shell, whatever stands in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** Receivers hide keys in user names and queries. */
function withoutSecrets(address: string): string {
  if (!URL.canParse(address)) return address;
  const url = new URL(address);
  if (url.username !== "" || url.password !== "") {
    url.username = PLACEHOLDER;
    url.password = "";
  }
  for (const name of new Set(url.searchParams.keys())) url.searchParams.set(name, PLACEHOLDER);
  return url.href;
}
