import { afterAll, beforeAll, expect, test } from "vitest";
import { connectors } from "../src/cli/connectors.ts";
import { createLogger } from "../src/cli/create-logger.ts";
import type { RunningHub } from "../src/cli/start-hub.ts";
import { calcomFixture } from "../src/connectors/calcom/fixtures.ts";
import { system } from "../src/db/database.ts";
import { carelessConnector, type Carelessness } from "./careless-connector.ts";
import { signed } from "./inbox-fixture.ts";
import { createTestPerson } from "./person-fixture.ts";
import { type RefusingMailServer, startRefusingMailServer } from "./refusing-mail-server.ts";
import { createHubHome, type HubHome, startHubAt } from "./running-hub.ts";
import { withKey } from "./test-hub.ts";
import { createUnspeakable } from "./unspeakable.ts";
import { until } from "./until.ts";

/*
 * What goes wrong around the hub is told in words that repeat what it was about: those of the
 * database, of connectors, and of mail servers. None of them may reach the log.
 */

const { marked, readable } = createUnspeakable();
const lines: string[] = [];
const calcomSecret = marked("the secret of Cal.com's webhook");
const times = { starts_at: "2026-06-01T08:00:00Z", ends_at: "2026-06-01T09:00:00Z" };

let home: HubHome;
let mail: RefusingMailServer;
let running: RunningHub;
beforeAll(async () => {
  home = await createHubHome();
  mail = await startRefusingMailServer();
  const login = `${marked("the mail server's user")}:${marked("the mail server's password")}`;
  running = await startHubAt(
    home,
    {
      LOG_LEVEL: "trace",
      CALCOM_WEBHOOK_SECRET: calcomSecret,
      SMTP_URL: `smtp://${login}@127.0.0.1:${mail.port}`,
      MAIL_FROM: "hub@example.com",
    },
    {
      log: createLogger("trace", { write: (line) => void lines.push(line) }),
      connectors: new Map([...connectors, ["memory", carelessConnector]]),
    },
  );
});
afterAll(async () => {
  await running.stop();
  await mail.close();
  await home.remove();
});

const log = (): string => lines.join("");
const person = () => ({
  name: marked("a customer's name"),
  email: marked("a customer's e-mail", (mark) => `${mark}@example.com`),
});

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function send(
  path: string,
  body: object | string,
  headers: Record<string, string> = withKey,
): Promise<Answer> {
  const answer = await fetch(`${running.address}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === "" ? {} : (JSON.parse(text) as Answer["body"]) };
}

function postCalcom(message: object): Promise<Answer> {
  const text = JSON.stringify(message);
  return send("/api/webhooks/calcom", text, signed(Buffer.from(text), calcomSecret));
}

test("a statement that the database refuses quotes its row, and the log does not", async () => {
  const poison = marked("a refused booking's title");
  await running.hub.db.script(
    `ALTER TABLE booking ADD CONSTRAINT poison CHECK (title NOT LIKE '${poison}%');
     CREATE FUNCTION refuse_poison() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN RAISE EXCEPTION 'never % of %', NEW.name, NEW.email; END $$;
     CREATE TRIGGER poison BEFORE INSERT ON booking_attendee
       FOR EACH ROW WHEN (NEW.name = '${poison}') EXECUTE FUNCTION refuse_poison();`,
  );
  for (const body of [
    { ...times, title: poison, attendees: [person()] },
    { ...times, attendees: [{ ...person(), name: poison }] },
  ]) {
    expect((await send("/api/v1/bookings", body)).status).toBe(500);
  }
  const uid = marked("an id at Cal.com");
  expect((await postCalcom(calcomFixture("booking_created", { uid, title: poison }))).status).toBe(
    202,
  );
  expect(log()).toContain("database error 23514");
  expect(readable(log())).toEqual([]);
});

test("two rows of which the database keeps one quote their key, and the log does not", async () => {
  const twice = person();
  const { db } = running.hub;
  // Row-level security keeps the key out of the database's words; this table has none.
  await db.script(
    `CREATE TABLE came_once (email text PRIMARY KEY);
     CREATE FUNCTION note_coming() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
     BEGIN INSERT INTO came_once VALUES (NEW.email); RETURN NULL; END $$;
     CREATE TRIGGER come_once AFTER INSERT ON booking_attendee
       FOR EACH ROW WHEN (NEW.name = '${twice.name}') EXECUTE FUNCTION note_coming();`,
  );
  const body = { ...times, attendees: [twice] };
  expect((await send("/api/v1/bookings", body)).status).toBe(201);
  const quoting = db.script(`INSERT INTO came_once VALUES ('${twice.email}')`);
  await expect(quoting).rejects.toMatchObject({
    detail: `Key (email)=(${twice.email}) already exists.`,
  });
  expect((await send("/api/v1/bookings", { ...body, title: "Again" })).status).toBe(500);
  const message = calcomFixture("booking_created", {
    uid: marked("an id at Cal.com"),
    attendees: [{ ...twice, timeZone: "Europe/Stockholm", language: { locale: "sv" } }],
  });
  expect((await postCalcom(message)).status).toBe(202);
  expect(log()).toContain("database error 23505");
  expect(readable(log())).toEqual([]);
});

test("a connector that breaks over a message quotes it, and the log does not", async () => {
  const connect = async (mode: string) => {
    const made = await send("/api/v1/connections", {
      kind: "memory",
      name: `Careless, by ${mode}`,
      auth_modes: [mode],
      api_key: marked("the key of a source's API"),
      api_url: "https://careless.example",
    });
    expect(made.status).toBe(201);
    return made.body;
  };
  const made = await connect("url_token");
  const address = new URL(String(made["token_url"])).pathname;
  const post = (how: Carelessness): Promise<Answer> =>
    send(address, { how, ...person(), secret: marked("what a source calls secret") }, {});
  for (const how of ["error", "cause", "url", "text", "object", "disguise", "lines"] as const) {
    expect((await post(how)).status, how).toBe(202);
  }
  const { id: signing } = await connect("source_signature");
  expect((await send(`/api/webhooks/memory/${String(signing)}`, person(), {})).status).toBe(500);
  // Then its API breaks, when the hub asks it for more, and when it compares.
  expect((await post("ask")).status).toBe(202);
  await until(() => log().includes("a message could not be processed"));
  const path = `/api/v1/connections/${String(made["id"])}/reconcile`;
  expect((await send(path, {})).status).toBe(202);
  await until(() => log().includes("a comparison could not go on"));
  expect(log()).toContain("a connector broke over a message");
  expect(log()).toContain("careless-connector.ts");
  expect(readable(log())).toEqual([]);
});

test("a mail server that refuses quotes whom and what, and the log does not", async () => {
  const invite = (domain: string) =>
    send("/api/v1/invitations", {
      email: marked("an invited person's e-mail", (mark) => `${mark}@${domain}`),
      role: "viewer",
    });
  // The login, the receiver, and the mail with its link.
  for (const domain of ["here.example", "here.example", "late.example"]) {
    const { status, body } = await invite(domain);
    expect(status).toBe(201);
    expect(body["e_mailed"]).toBe(false);
  }
  expect(mail.refusals.map((words) => words.split(" ", 2).join(" "))).toEqual([
    "no login",
    "no mailbox",
    "not wanted:",
  ]);
  for (const domain of ["here.example", "late.example"]) {
    const email = marked("a member's e-mail", (mark) => `${mark}@${domain}`);
    const { userId } = await createTestPerson(running.hub);
    await running.hub.db.transaction(system, (tx) =>
      tx.query("UPDATE app_user SET email = $2, name = $3 WHERE id = $1", [
        userId,
        email,
        marked("a member's name"),
      ]),
    );
    expect((await send("/api/v1/password-reset", { email }, {})).status).toBe(202);
  }
  await until(() => log().split("no mail for a forgotten password").length === 3);
  const quoted = mail.refusals.join(" ");
  expect(quoted).toContain("#token=");
  expect(readable(log())).toEqual([]);
  for (const token of quoted.matchAll(/#token=3?D?([\w-]+)/g))
    expect(log()).not.toContain(token[1]);
});
