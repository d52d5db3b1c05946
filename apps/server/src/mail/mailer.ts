import { createTransport } from "nodemailer";
import { SlotwireError } from "../errors.ts";

/** A plain text mail to one person. */
export interface Mail {
  /** A single address, without a name. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** What sends mail. */
export interface Mailer {
  /**
   * Hands the mail to the server.
   * @throws SlotwireError E_MAIL, whose words name neither the receiver nor the server's login
   */
  send(message: Mail): Promise<void>;
}

/** A mailer that the composition root opened, and closes. */
export interface SmtpMailer extends Mailer {
  /** Waits for mails that are under way, each of which ends by its time limits. */
  close(): Promise<void>;
}

/** Where mail goes out, and whom it says that it is from. */
export interface MailSettings {
  /** `smtp://` or `smtps://`, with login if the server wants one. */
  readonly smtpUrl: string;
  /** An address, or `Name <address>`. */
  readonly from: string;
}

/** How long the server may take to be reached, to greet, and to answer a command. Milliseconds. */
const limits = { connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 10_000 };

/** Makes what sends mail over SMTP: a connection each, as mails are few. */
export function createMailer({ smtpUrl, from }: MailSettings): SmtpMailer {
  const transport = createTransport({
    ...limits,
    url: smtpUrl,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const underWay = new Set<Promise<void>>();
  const handOver = async ({ to, subject, text }: Mail): Promise<void> => {
    try {
      // As an object: as text, a comma in it would add receivers.
      await transport.sendMail({ from, to: { name: "", address: to }, subject, text });
    } catch (error) {
      throw mailError(error);
    }
  };
  return {
    send(message) {
      const sending = handOver(message).finally(() => underWay.delete(sending));
      underWay.add(sending);
      return sending;
    },
    async close() {
      await Promise.allSettled(underWay);
      transport.close();
    },
  };
}

/** The server's own words may quote addresses: only its codes are kept, and no cause. */
function mailError(error: unknown): SlotwireError {
  const read = (name: string): unknown =>
    typeof error === "object" && error !== null ? Reflect.get(error, name) : undefined;
  const codes = [read("code"), read("responseCode")].filter(
    (code) => typeof code === "number" || (typeof code === "string" && /^[A-Z_]+$/.test(code)),
  );
  return new SlotwireError("E_MAIL", {
    detail: `The mail server did not take the mail (${codes.join(" ") || "no code"}).`,
  });
}
