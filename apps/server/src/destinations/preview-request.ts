import type {
  BookingEvent,
  CreateDestination,
  DestinationFilter,
  PreviewAbout,
  PreviewDraft,
  RequestPreview,
} from "@slotwire/contract";
import { type Transaction, tenant } from "../db/database.ts";
import { redactBody } from "../domain/views/redact.ts";
import { type BookingEventRow, eventFromRow } from "../ledger/read-events.ts";
import { refusalOf } from "./check-address.ts";
import type { DestinationDeps } from "./destination-deps.ts";
import { found, selectDestination, toDestination } from "./destination-row.ts";
import { encodeEvent, profileOf } from "./encode-delivery.ts";
import { requestBodyOf } from "./request-body.ts";
import type { EncodedBody } from "./profiles/profile.ts";
import { carriesContacts, refuseRevealing } from "./refuse-revealing.ts";
import { refuseUnknownMode } from "./refuse-unknown-mode.ts";
import { userAgent } from "./send.ts";
import { HIDDEN, shownHeaders } from "./shown-headers.ts";
import { createSigner } from "./sign.ts";
import { type WholeDestination, withDefaults } from "./with-defaults.ts";

type PreviewDeps = Pick<DestinationDeps, "db" | "clock" | "publicUrl" | "policy" | "resolve">;

/** What a request's form depends on. */
interface Shown extends Pick<
  WholeDestination,
  "name" | "url" | "profile" | "payload_mode" | "batch_size"
> {
  readonly id: string;
  readonly event_types: readonly string[];
  readonly filter: DestinationFilter | null;
  readonly hasKey: boolean;
}

/** Stands in where only a real destination or delivery has an id. */
const NO_ID = "00000000-0000-0000-0000-000000000000";
/** 24 zero bytes: with the real secret, a preview could be passed off as a message. */
const standIn = createSigner([`whsec_${Buffer.alloc(24).toString("base64")}`]);

/**
 * Shows the request in which an existing destination would be sent an event. Nothing is sent, and
 * no secret is opened.
 * @param mayReveal whether the asker is shown customers' contact data; if not, they are left out
 * @throws SlotwireError E_NOT_FOUND
 */
export async function previewRequest(
  deps: PreviewDeps,
  orgId: string,
  id: string,
  about: PreviewAbout,
  mayReveal: boolean,
): Promise<RequestPreview> {
  const { row, event } = await deps.db.transaction(tenant(orgId), async (tx) => ({
    row: found(await selectDestination(tx, id).executeTakeFirst()),
    event: await eventAbout(tx, orgId, about),
  }));
  const destination = toDestination(row);
  const preview = await previewOf(deps, event, { ...destination, hasKey: destination.has_key });
  const { request } = preview;
  if (mayReveal || request === null || !carriesContacts(destination)) return preview;
  return { ...preview, request: { ...request, body: redactBody(request.body) } };
}

/**
 * The same for a destination that is not there yet.
 * @throws SlotwireError E_NOT_FOUND
 * @throws SlotwireError E_VALIDATION, E_FORBIDDEN as at its creation
 */
export async function previewDraft(
  deps: PreviewDeps,
  orgId: string,
  { destination, ...about }: PreviewDraft,
  mayReveal: boolean,
): Promise<RequestPreview> {
  const named: CreateDestination = { ...destination, name: destination.name ?? "New destination" };
  const whole = withDefaults(named);
  refuseUnknownMode(whole, "body.destination");
  if (!mayReveal) refuseRevealing(null, whole);
  const event = await deps.db.transaction(tenant(orgId), (tx) => eventAbout(tx, orgId, about));
  return previewOf(deps, event, { ...whole, id: NO_ID, hasKey: whole.key !== null });
}

async function previewOf(
  deps: PreviewDeps,
  event: BookingEvent,
  to: Shown,
): Promise<RequestPreview> {
  const { id, seq, type, occurred_at, booking_id, booking_version } = event;
  const told = { id, seq, type, occurred_at, booking_id, booking_version };
  const encoded = encode(deps, event, to);
  const address_refusal = await refusalOf(to.url, deps.policy, deps.resolve);
  const preview = { event: told, address_refusal };
  if ("skip" in encoded) return { ...preview, request: null, skip_reason: encoded.skip };
  const whole = requestBodyOf([{ ...encoded, messageId: `msg_${NO_ID}` }], profileOf(to), to);
  const headers = headersOf(whole, to, deps.clock.now());
  const request = { method: "POST" as const, url: to.url, headers, body: whole.body };
  return { ...preview, request, skip_reason: null };
}

function encode({ publicUrl }: PreviewDeps, event: BookingEvent, to: Shown) {
  if (!to.event_types.some((type) => type === "*" || type === event.type)) {
    return { skip: `The destination's event types do not have ${event.type}.` };
  }
  const { id, name, payload_mode: payloadMode, event_types: eventTypes } = to;
  return encodeEvent(event, to, { id, name, payloadMode, eventTypes, publicUrl });
}

function headersOf(encoded: EncodedBody, to: Shown, at: Date): Record<string, string> {
  const key = profileOf(to).keyHeader("");
  return shownHeaders({
    "user-agent": userAgent,
    ...encoded.headers,
    ...(to.hasKey ? { [key.name]: HIDDEN } : {}),
    ...standIn(`msg_${NO_ID}`, at, encoded.body),
  });
}

async function eventAbout(
  tx: Transaction,
  orgId: string,
  { booking_id: bookingId, event_id: eventId }: PreviewAbout,
): Promise<BookingEvent> {
  const conditions = ["org_id = $1"];
  const values = [orgId];
  if (bookingId !== undefined) conditions.push(`booking_id = $${values.push(bookingId)}`);
  if (eventId !== undefined) conditions.push(`id = $${values.push(eventId)}`);
  const newest = bookingId === undefined ? "seq" : "booking_version";
  const rows = await tx.query<BookingEventRow>(
    `SELECT * FROM booking_event WHERE ${conditions.join(" AND ")} ORDER BY ${newest} DESC LIMIT 1`,
    values,
  );
  return eventFromRow(found(rows[0]));
}
