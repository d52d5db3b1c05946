/** What this room needs of the mail room, which it does not import. */
export interface MailDeps {
  /** Null when no mail server is set. */
  readonly mailer: {
    /** @throws SlotwireError E_MAIL */
    send(message: {
      readonly to: string;
      readonly subject: string;
      readonly text: string;
    }): Promise<void>;
  } | null;
}
