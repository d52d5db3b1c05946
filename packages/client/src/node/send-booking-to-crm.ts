import { createFileOutbox } from "./file-outbox.ts";
import type { BookingOutbox } from "../send-booking-to-crm/booking-outbox.ts";
import {
  type BookingSender,
  type BookingSenderOptions,
  createBookingSender,
} from "../send-booking-to-crm/booking-sender.ts";
import { siteSettings } from "./site-settings.ts";
import type { SendResult, SiteBooking } from "../send-booking-to-crm/site-booking.ts";

/** What sending goes by; what is left out comes from the environment. */
export interface SendOptions extends Partial<BookingSenderOptions> {
  /** Folder of the outbox, unless one is given; `CRM_OUTBOX_DIR`, or `.crm-outbox`. */
  readonly outboxFolder?: string;
}

/**
 * Sends a booking of a booking site to the hub (`CRM_WEBHOOK_URL`, `CRM_WEBHOOK_SECRET`). It is kept
 * in an outbox first: when the hub cannot be reached, it is sent again, also by the next process.
 * So await it, but do not wait for the hub: it resolves after one try.
 * @throws when the booking can neither be kept nor sent
 */
export function sendBookingToCRM(
  booking: SiteBooking,
  options: SendOptions = {},
): Promise<SendResult> {
  return senderOf(options).send(booking);
}

/**
 * Sends what an earlier process left in the outbox: call it when the site starts.
 * @returns how much is still left
 * @throws when the outbox cannot be read
 */
export function resumeSendingToCRM(options: SendOptions = {}): Promise<number> {
  return senderOf(options).flush();
}

/** Ends all senders of this process, for a site that stops; what is left stays in the outbox. */
export async function stopSendingToCRM(): Promise<void> {
  const ended = [...senders.values()];
  senders.clear();
  await Promise.all(ended.map((sender) => sender.close()));
}

/** One sender for each hub and outbox: it knows what is under way. */
const senders = new Map<string | BookingOutbox, BookingSender>();

function senderOf(options: SendOptions): BookingSender {
  const settings = siteSettings();
  const { url = settings.url, secret = settings.secret } = options;
  const folder = options.outboxFolder ?? settings.outboxFolder;
  const key = options.outbox ?? JSON.stringify([url, secret, folder]);
  let sender = senders.get(key);
  if (sender === undefined) {
    const outbox = options.outbox ?? createFileOutbox(folder);
    sender = createBookingSender({ ...options, url, secret, outbox });
    senders.set(key, sender);
  }
  return sender;
}
