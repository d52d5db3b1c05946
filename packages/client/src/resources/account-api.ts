import type {
  RecoveryCodes,
  SessionResource,
  SetPassword,
  TotpSetup,
  UpdateAccount,
} from "@slotwire/contract";
import type { Calls } from "./resource.ts";

/**
 * One's own account. What is sensitive is refused with `E_CONFIRM` when one has not shown lately
 * who one is: confirm the session, and call again.
 */
export interface AccountApi {
  /** Where the hub sends mail, a new e-mail is `pending_email` until its link is opened. */
  update(changes: UpdateAccount): Promise<SessionResource>;
  /** Makes the pending e-mail the account's. @param token the one in the mailed link */
  confirmEmail(token: string): Promise<SessionResource>;
  /** Mails another link to the pending e-mail; the one before stops working. */
  resendEmailLink(): Promise<SessionResource>;
  /** Takes the change of the e-mail back. */
  cancelEmailChange(): Promise<void>;
  /** All other sessions end. */
  setPassword(password: SetPassword): Promise<SessionResource>;
  /** Begins to set up an authenticator app; nothing counts before `confirmTotp`. */
  startTotp(): Promise<TotpSetup>;
  /** The answer is the only one that shows the recovery codes. All other sessions end. */
  confirmTotp(code: string): Promise<RecoveryCodes>;
  removeTotp(): Promise<void>;
  /** New codes in place of those before. */
  renewRecoveryCodes(): Promise<RecoveryCodes>;
  /** Asks for a mail with a link to choose a new password. Tells nothing of whether it was sent. */
  requestPasswordReset(email: string): Promise<void>;
  /** @param token the one in the mailed link */
  resetPassword(token: string, password: string): Promise<void>;
}

export const accountCalls: Calls<AccountApi> = {
  update: "PATCH!",
  confirmEmail: "POST/email-change/confirm!token",
  resendEmailLink: "POST/email-change/resend",
  cancelEmailChange: "DELETE/email-change",
  setPassword: "PUT/password!",
  startTotp: "POST/totp",
  confirmTotp: "POST/totp/confirm!code",
  removeTotp: "DELETE/totp",
  renewRecoveryCodes: "POST/recovery-codes",
  requestPasswordReset: "POST//password-reset!email",
  resetPassword: "PUT//password-reset!token,password",
};
