import type { BookingEvent, BookingResource } from "@slotwire/contract";
import { showAlert } from "../../domain/views/show-alert.ts";
import { judgeByStatus } from "./judge-by-status.ts";
import { jsonHeaders, type Profile, type ReceivedAnswer, type Verdict } from "./profile.ts";
import { thinEvent } from "./thin-event.ts";

/**
 * A message in a channel, as Slack's incoming webhooks take it; Mattermost, Rocket.Chat and
 * Discord (with `/slack` behind its URL) take the same. `thin` names nobody.
 */
export const slackProfile: Profile = {
  name: "slack",
  modes: ["thin", "full"],
  personalModes: ["full"],
  // One message per second and channel, with short bursts.
  defaults: { rate_per_second: 1 },
  encode(event, { payloadMode, publicUrl }) {
    const words = payloadMode === "full" ? inFull(event) : escapeText(thinEvent(event).description);
    return message(`${words} <${publicUrl}/bookings/${event.booking_id}|Open>`);
  },
  encodeOperational({ type, data }, { payloadMode, publicUrl }) {
    const alert = showAlert(data.alert, payloadMode === "full" ? "full" : "ids");
    const link = `<${publicUrl}/alerts|Open>`;
    if (type === "alert.resolved") return message(`Resolved: ${escapeText(alert.title)} ${link}`);
    const lines = [`${alert.title}: ${alert.description}`, alert.remedy, ...alert.details];
    return message(`${lines.map(escapeText).join("\n")} ${link}`);
  },
  encodeTest: ({ name }) => message(`A test from Slotwire to ${escapeText(name)}`),
  judge: judgeSlack,
  keyHeader: (key) => ({ name: "authorization", value: `Bearer ${key}` }),
};

const message = (text: string) => ({ body: JSON.stringify({ text }), headers: jsonHeaders });

function inFull({ description, data: { booking } }: BookingEvent): string {
  const who = booking === undefined ? [] : peopleOf(booking);
  return [description, ...who].map(escapeText).join(" · ");
}

function peopleOf({ customer, attendees, title, provider }: BookingResource): string[] {
  const client = customer?.name ?? attendees[0]?.name ?? null;
  const by = provider?.name == null ? null : `with ${provider.name}`;
  return [title, client, by].filter((part) => part !== null);
}

/** The three characters that Slack's markup gives a meaning; a name may not become a link. */
function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** A webhook that was removed answers 404 `no_service`; a message that it refuses, 400 or 403. */
function judgeSlack(answer: ReceivedAnswer): Verdict {
  const { statusCode, responseBody } = answer;
  if (statusCode === 404 && /no_service/.test(responseBody ?? "")) return "disable";
  return statusCode === 400 || statusCode === 403 ? "reject" : judgeByStatus(answer);
}
