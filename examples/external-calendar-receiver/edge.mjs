/**
 * The same as an edge function (Deno Deploy, Supabase): copy it with `receive.mjs` to
 * `supabase/functions/slotwire/`, as `index.ts`, and run `schema.sql` once.
 *
 *   supabase functions deploy slotwire --no-verify-jwt
 *   supabase secrets set RECEIVER_KEY=…
 */
import { receive } from "./receive.mjs";

const setting = (name) => globalThis.Deno.env.get(name);

/** One statement decides and writes: requests that come at the same time cannot pass each other. */
async function apply(change) {
  const key = setting("SUPABASE_SERVICE_ROLE_KEY");
  const response = await fetch(`${setting("SUPABASE_URL")}/rest/v1/rpc/apply_booking_change`, {
    method: "POST",
    headers: { apikey: key, authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ change }),
  });
  // Anything but 2xx makes the hub send it again.
  if (!response.ok) throw new Error(`the database answered ${response.status}`);
  return (await response.json()) ? "applied" : "outdated";
}

globalThis.Deno.serve((request) =>
  receive(request, {
    key: setting("RECEIVER_KEY"),
    secret: setting("SLOTWIRE_WEBHOOK_SECRET"),
    apply,
  }),
);
