export { createFileOutbox } from "./file-outbox.ts";
export {
  resumeSendingToCRM,
  sendBookingToCRM,
  type SendOptions,
  stopSendingToCRM,
} from "./send-booking-to-crm.ts";
