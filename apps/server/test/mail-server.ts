import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { createMailer, type SmtpMailer } from "../src/mail/mailer.ts";

/** A mail as it arrived. */
export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Headers and body, as they were sent. */
  readonly raw: string;
  /** The body as it is read: quoted-printable undone. */
  readonly text: string;
}

export interface MailServer {
  readonly url: string;
  /** In order of arrival. */
  readonly mails: readonly ReceivedMail[];
  /** A mailer that sends to this server. */
  readonly mailer: SmtpMailer;
  /** The first address of the form `…#token=…` in the newest mail that has one. */
  readonly newestToken: () => string;
  readonly close: () => Promise<void>;
}

/** A login that the server takes, beside none. */
export const mailLogin = { user: "hub", pass: "a-password-of-the-tests" };

/**
 * Starts an SMTP server on loopback. It refuses receivers at `refused.example` and any login but
 * `mailLogin`.
 */
export async function startMailServer(): Promise<MailServer> {
  const mails: ReceivedMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ["STARTTLS"],
    onAuth({ username, password }, _session, done) {
      const isRight = username === mailLogin.user && password === mailLogin.pass;
      if (isRight) done(null, { user: username });
      else done(new Error("Invalid login"));
    },
    onRcptTo({ address }, _session, done) {
      if (!address.endsWith("@refused.example")) done();
      else done(Object.assign(new Error(`no mailbox ${address}`), { responseCode: 550 }));
    },
    onData(stream, { envelope }, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        mails.push(toMail(Buffer.concat(chunks).toString(), envelope));
        done();
      });
    },
  });
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  const { port } = server.server.address() as AddressInfo;
  const url = `smtp://127.0.0.1:${port}`;
  const mailer = createMailer({ smtpUrl: url, from: "Slotwire <hub@example.com>" });
  return {
    url,
    mails,
    mailer,
    newestToken() {
      const withToken = mails.findLast(({ text }) => text.includes("#token="));
      const token = /#token=([\w-]+)/.exec(withToken?.text ?? "")?.[1];
      if (token === undefined) throw new Error("no mail with a token has arrived");
      return token;
    },
    async close() {
      await mailer.close();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

interface Envelope {
  readonly mailFrom: false | { readonly address: string };
  readonly rcptTo: readonly { readonly address: string }[];
}

function toMail(raw: string, { mailFrom, rcptTo }: Envelope): ReceivedMail {
  const body = raw.slice(raw.indexOf("\r\n\r\n") + 4);
  return {
    from: mailFrom === false ? "" : mailFrom.address,
    to: rcptTo.map(({ address }) => address),
    raw,
    text: body
      .replaceAll("=\r\n", "")
      .replaceAll(/=([0-9A-F]{2})/g, (_all, hex: string) =>
        String.fromCodePoint(Number.parseInt(hex, 16)),
      ),
  };
}
