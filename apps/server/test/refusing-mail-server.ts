import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";

/** A mail server that takes nothing, and says so in words that repeat what it was given. */
export interface RefusingMailServer {
  readonly port: number;
  /** What it said, in order. */
  readonly refusals: readonly string[];
  readonly close: () => Promise<void>;
}

/**
 * Starts it on loopback. It refuses the first login, then every receiver but those at
 * `late.example`, whose mails it refuses once it has read them.
 */
export async function startRefusingMailServer(): Promise<RefusingMailServer> {
  const refusals: string[] = [];
  const refuse = (responseCode: number, words: string): Error => {
    refusals.push(words);
    return Object.assign(new Error(words), { responseCode });
  };
  const server = new SMTPServer({
    allowInsecureAuth: true,
    disabledCommands: ["STARTTLS"],
    onAuth({ username, password }, _session, done) {
      if (refusals.length > 0) done(null, { user: username });
      else done(refuse(535, `no login of ${username} with ${password}`));
    },
    onRcptTo({ address }, _session, done) {
      if (address.endsWith("@late.example")) done();
      else done(refuse(550, `no mailbox ${address}`));
    },
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const text = Buffer.concat(chunks).toString().replaceAll(/\s+/g, " ");
        done(refuse(554, `not wanted: ${text}`));
      });
    },
  });
  server.on("error", () => undefined); // a client that hangs up
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  return {
    port: (server.server.address() as AddressInfo).port,
    refusals,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
