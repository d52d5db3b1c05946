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

type Facts = Pick<ConnectionResource, "webhook_url" | "auth_modes" | "settings">;

/**
 * How to send a first message by hand, in the way in which the connection's messages prove
 * themselves; null where that cannot be done in a line or two.
 */
export function curlExample({
  webhook_url: url,
  auth_modes: modes,
  settings,
}: Facts): string | null {
  if (modes.includes("url_token")) return curl(`${url}/YOUR_TOKEN`, null);
  if (modes.includes("shared_secret")) return curl(url, "'X-Webhook-Secret: YOUR_SECRET'");
  if (modes.includes("bearer")) return curl(url, "'Authorization: Bearer YOUR_SECRET'");
  return modes.includes("source_signature") ? signed(url, settings) : null;
}

function curl(url: string, header: string | null, data = `'${body}'`): string {
  return [
    `curl -X POST '${url}'`,
    "  -H 'Content-Type: application/json'",
    ...(header === null ? [] : [`  -H ${header}`]),
    `  -d ${data}`,
  ].join(" \\\n");
}

/** As the connection's settings say that its source signs. */
function signed(url: string, settings: ConnectionResource["settings"]): string {
  const text = (name: string, usual: string): string => {
    const value = settings[name];
    return (typeof value === "string" ? value : usual).replaceAll("'", String.raw`'\''`);
  };
  const header = text("signature_header", "X-Signature");
  const prefix = text("signature_prefix", "");
  const encode =
    text("signature_encoding", "hex") === "base64"
      ? "-binary | openssl base64 -A"
      : "-hex | sed 's/^.* //'";
  return [
    `BODY='${body}'`,
    `SIGNATURE=$(printf %s "$BODY" | openssl dgst -sha256 -hmac 'YOUR_SECRET' ${encode})`,
    curl(url, `'${header}: ${prefix}'"$SIGNATURE"`, '"$BODY"'),
  ].join("\n");
}
