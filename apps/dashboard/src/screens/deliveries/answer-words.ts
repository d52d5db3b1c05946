import { t } from "../../messages/messages.ts";

/** What a receiver answered, in words: its HTTP status, or why there was none. */
export function answerWords(statusCode: number | null, errorClass: string | null): string | null {
  if (statusCode !== null) return t.deliveries.http(statusCode);
  return errorClass === null ? null : errorClass.replaceAll("_", " ");
}
