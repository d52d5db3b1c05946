import type { ConnectionResource } from "@slotwire/contract";

const body = JSON.stringify({
  event: "booking.created",
  booking: {
    id: "example-1",
    starts_at: "2027-01-05T10:00:00+01:00",
    ends_at: "2027-01-05T11:00:00+01:00",
    name: "Kim Example",
    email: "kim@example.com",
  },
});

/**
 * How to send a first message by hand, in the way in which the connection's messages prove
 * themselves; null when they are signed.
 */
export function curlExample({
  webhook_url: url,
  auth_modes: modes,
}: Pick<ConnectionResource, "webhook_url" | "auth_modes">): string | null {
  if (modes.includes("url_token")) return curl(`${url}/YOUR_TOKEN`, null);
  if (modes.includes("shared_secret")) return curl(url, "X-Webhook-Secret: YOUR_SECRET");
  if (modes.includes("bearer")) return curl(url, "Authorization: Bearer YOUR_SECRET");
  return null;
}

function curl(url: string, header: string | null): string {
  return [
    `curl -X POST '${url}'`,
    "  -H 'Content-Type: application/json'",
    ...(header === null ? [] : [`  -H '${header}'`]),
    `  -d '${body}'`,
  ].join(" \\\n");
}
