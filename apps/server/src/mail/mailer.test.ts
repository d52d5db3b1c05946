import { afterAll, beforeAll, expect, test } from "vitest";
import { mailLogin, type MailServer, startMailServer } from "../../test/mail-server.ts";
import { createMailer } from "./mailer.ts";

let server: MailServer;
beforeAll(async () => {
  server = await startMailServer();
});
afterAll(() => server.close());

const from = "Slotwire <hub@example.com>";
const mail = (to: string) => ({ to, subject: "Hello", text: "One line.\n" });

test("a mail arrives with its sender, its subject and its words", async () => {
  const link = `http://127.0.0.1:3000/reset#token=${"a-".repeat(40)}`;
  await server.mailer.send({
    to: "ada@example.com",
    subject: "Grüß Gott",
    text: `Öffnen: ${link}`,
  });
  const [received] = server.mails;
  expect(received).toMatchObject({ from: "hub@example.com", to: ["ada@example.com"] });
  expect(received?.raw).toContain("From: Slotwire <hub@example.com>");
  expect(received?.raw).toMatch(/^Subject: =\?UTF-8\?/m);
  expect(server.newestToken()).toBe("a-".repeat(40));
});

test("an address cannot add receivers or headers", async () => {
  const before = server.mails.length;
  for (const to of [
    "ada@example.com, eve@example.com",
    "ada@example.com\r\nBcc: eve@example.com",
    "ada@example.com>,<eve@example.com",
  ]) {
    await server.mailer.send(mail(to)).catch(() => {});
  }
  for (const { to, raw } of server.mails.slice(before)) {
    expect(to).toHaveLength(1);
    expect(to).not.toContain("eve@example.com");
    expect(raw).not.toMatch(/^Bcc:/im);
  }
});

test("a server that wants a login gets it", async () => {
  const { host } = new URL(server.url);
  const mailer = createMailer({
    smtpUrl: `smtp://${mailLogin.user}:${mailLogin.pass}@${host}`,
    from,
  });
  await mailer.send(mail("bob@example.com"));
  await mailer.close();
  expect(server.mails.at(-1)?.to).toEqual(["bob@example.com"]);
});

test("a failure tells its codes, and neither the receiver nor the login", async () => {
  const { host } = new URL(server.url);
  const wrong = createMailer({ smtpUrl: `smtp://hub:not-the-password@${host}`, from });
  const unreachable = createMailer({ smtpUrl: "smtp://127.0.0.1:1", from });
  const failures = await Promise.all(
    [
      server.mailer.send(mail("ada@refused.example")),
      wrong.send(mail("ada@example.com")),
      unreachable.send(mail("ada@example.com")),
    ].map((sending) =>
      sending.then(
        () => null,
        (error: unknown) => error as Error,
      ),
    ),
  );
  expect(failures.map((error) => error?.message)).toEqual([
    "The mail server did not take the mail (EENVELOPE 550).",
    "The mail server did not take the mail (EAUTH 535).",
    expect.stringMatching(/\((ESOCKET|ECONNECTION|ECONNREFUSED)\)/),
  ]);
  for (const error of failures) {
    expect(error).toMatchObject({ code: "E_MAIL", cause: undefined });
  }
  await Promise.all([wrong.close(), unreachable.close()]);
});

test("closing waits for mails that are under way", async () => {
  const mailer = createMailer({ smtpUrl: server.url, from });
  void mailer.send(mail("late@example.com"));
  await mailer.close();
  expect(server.mails.at(-1)?.to).toEqual(["late@example.com"]);
});
