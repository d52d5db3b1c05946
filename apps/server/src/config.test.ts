import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadConfig, readEnvironment } from "./config.ts";

const key = "0123456789abcdef".repeat(4);

test("without any setting the hub serves itself on this machine, embedded", () => {
  expect(loadConfig({})).toMatchObject({
    port: 3000,
    host: "127.0.0.1",
    publicUrl: "http://127.0.0.1:3000",
    dataDir: "./data",
    databaseUrl: null,
    masterKey: null,
    previousMasterKeys: [],
    apiKey: null,
    roles: new Set(["web", "worker"]),
    logLevel: "info",
    retrySchedule: [0, 5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400],
    allowPrivateDestinations: [],
    calcomWebhookSecret: null,
    makeWebhook: null,
    externalCalendar: null,
    mail: null,
    demo: false,
  });
});

test("an empty value counts as not set", () => {
  expect(loadConfig({ PORT: "", HOST: "  ", DATABASE_URL: "" })).toEqual(loadConfig({}));
});

test("a comment behind a number or a word is no part of it", () => {
  const config = loadConfig({
    PORT: "4000 # not 3000",
    LOG_LEVEL: "debug # for now",
    SLOTWIRE_RETRY_SCHEDULE: "0, 10 ,60 # impatient",
    ROLES: "worker # only",
  });
  expect(config).toMatchObject({ port: 4000, logLevel: "debug", retrySchedule: [0, 10, 60] });
  expect([...config.roles]).toEqual(["worker"]);
});

test("a secret keeps its # and its spaces inside", () => {
  expect(loadConfig({ CALCOM_WEBHOOK_SECRET: "a #b" }).calcomWebhookSecret).toBe("a #b");
});

test("the address follows from host and port unless it is set", () => {
  expect(loadConfig({ HOST: "0.0.0.0", PORT: "80" }).publicUrl).toBe("http://127.0.0.1:80");
  expect(loadConfig({ HOST: "::1" }).publicUrl).toBe("http://[::1]:3000");
  expect(loadConfig({ PUBLIC_URL: "https://hub.example.com/" }).publicUrl).toBe(
    "https://hub.example.com",
  );
});

test("mail needs a server and a sender", () => {
  const SMTP_URL = "smtps://hub:s3cret@mail.example.com";
  for (const MAIL_FROM of ["hub@example.com", "My hub <hub@example.com>"]) {
    expect(loadConfig({ SMTP_URL, MAIL_FROM }).mail).toEqual({
      smtpUrl: SMTP_URL,
      from: MAIL_FROM,
    });
  }
  expect(() => loadConfig({ SMTP_URL })).toThrow(/^MAIL_FROM is required/);
  expect(() => loadConfig({ SMTP_URL: "mail.example.com" })).toThrow(/^SMTP_URL must begin/);
  expect(() => loadConfig({ SMTP_URL, MAIL_FROM: "nobody" })).toThrow(/^MAIL_FROM must be/);
});

test("OpenID Connect needs an issuer that nobody can listen in to, and a client id", () => {
  const given = { OIDC_ISSUER: "https://id.example.com/realms/a/", OIDC_CLIENT_ID: "hub" };
  expect(loadConfig(given).oidc).toEqual({
    issuer: "https://id.example.com/realms/a/",
    clientId: "hub",
    clientSecret: null,
    label: "single sign-on",
  });
  expect(loadConfig({ ...given, OIDC_ISSUER: "http://127.0.0.1:9000" }).oidc?.issuer).toBe(
    "http://127.0.0.1:9000",
  );
  expect(() => loadConfig({ OIDC_ISSUER: given.OIDC_ISSUER })).toThrow("OIDC_CLIENT_ID");
  for (const issuer of ["http://id.example.com", "ftp://id", "id", "https://id.example.com/?a=b"]) {
    expect(() => loadConfig({ ...given, OIDC_ISSUER: issuer }), issuer).toThrow("OIDC_ISSUER");
  }
});

test("the master key is taken as hex and as base64", () => {
  const bytes = Buffer.from(key, "hex");
  expect(loadConfig({ SLOTWIRE_MASTER_KEY: key }).masterKey).toEqual(bytes);
  const base64 = bytes.toString("base64");
  expect(loadConfig({ SLOTWIRE_MASTER_KEY: base64 }).masterKey).toEqual(bytes);
});

test("previous master keys are a list, none unless set", () => {
  const base64 = Buffer.alloc(32, 7).toString("base64");
  const text = `${key}, ${base64}`;
  expect(loadConfig({ SLOTWIRE_PREVIOUS_MASTER_KEYS: text }).previousMasterKeys).toEqual([
    Buffer.from(key, "hex"),
    Buffer.alloc(32, 7),
  ]);
  expect(loadConfig({}).previousMasterKeys).toEqual([]);
  const wrong = { SLOTWIRE_PREVIOUS_MASTER_KEYS: `${key},short` };
  expect(() => loadConfig(wrong)).toThrow(/SLOTWIRE_PREVIOUS_MASTER_KEYS must be 32 bytes/);
});

test("private destinations are opened by ranges, wholly, or not at all", () => {
  const allowed = (text: string) =>
    loadConfig({ SLOTWIRE_ALLOW_PRIVATE_DESTINATIONS: text }).allowPrivateDestinations;
  expect(allowed("true")).toBe(true);
  expect(allowed("false")).toEqual([]);
  expect(allowed("127.0.0.0/8, fd00::/8 # local")).toEqual(["127.0.0.0/8", "fd00::/8"]);
});

test("the external calendar's key is found under both of its names", () => {
  const EXTERNAL_CALENDAR_CALLBACK_URL = "https://calendar.example.com/hook";
  const url = EXTERNAL_CALENDAR_CALLBACK_URL;
  expect(
    loadConfig({ EXTERNAL_CALENDAR_CALLBACK_URL, IMPORT_API_KEY: "old" }).externalCalendar,
  ).toEqual({ url, key: "old" });
  expect(
    loadConfig({
      EXTERNAL_CALENDAR_CALLBACK_URL,
      IMPORT_API_KEY: "old",
      EXTERNAL_CALENDAR_API_KEY: "new",
    }).externalCalendar,
  ).toEqual({ url, key: "new" });
});

describe("a wrong setting is named, with what to do, and never quoted", () => {
  const cases: readonly (readonly [name: string, value: string, says: string])[] = [
    ["PORT", "30 00", "whole number"],
    ["PORT", "-1", "whole number"],
    ["PORT", "70000", "0 to 65535"],
    ["PUBLIC_URL", "hub.example.com", "http or https"],
    ["PUBLIC_URL", "https://example.com/hub", "without a path"],
    ["DATABASE_URL", "mysql://secret-password@localhost/x", "postgres://"],
    ["SLOTWIRE_MASTER_KEY", "too-short-a-secret", "openssl rand"],
    ["SLOTWIRE_API_KEY", "only-23-characters-long", "24 characters"],
    ["SLOTWIRE_API_KEY", "has spaces in it and is long", "spaces"],
    ["ROLES", "web,cook", "web, worker"],
    ["ROLES", ",", "web, worker or both"],
    ["LOG_LEVEL", "loud", "trace"],
    ["SLOTWIRE_RETRY_SCHEDULE", "0,soon", "whole number"],
    ["SLOTWIRE_RETRY_SCHEDULE", ",", "at least one"],
    ["SLOTWIRE_ALLOW_PRIVATE_DESTINATIONS", "localhost", "192.168.0.0/16"],
    ["SLOTWIRE_ALLOW_PRIVATE_DESTINATIONS", "10.0.0.0/33", "192.168.0.0/16"],
    ["SLOTWIRE_TIME_ZONE", "+02:00", "IANA"],
    ["MAKE_WEBHOOK_URL", "make", "http or https"],
  ];
  test.each(cases)("%s=%s", (name, value, says) => {
    const load = (): unknown => loadConfig({ SLOTWIRE_MASTER_KEY: key, [name]: value });
    expect(load).toThrow(expect.objectContaining({ code: "E_CONFIG" }) as Error);
    expect(load).toThrow(new RegExp(`^${name} [^]*${says}`));
    if (value.length > 5) expect(load).not.toThrow(value);
  });

  test("DATABASE_URL without a master key", () => {
    expect(() => loadConfig({ DATABASE_URL: "postgres://localhost/slotwire" })).toThrow(
      /^SLOTWIRE_MASTER_KEY is required/,
    );
  });
});

describe("the .env file", () => {
  const withFile = (text: string | null, run: (folder: string) => void): void => {
    const folder = mkdtempSync(join(tmpdir(), "slotwire-env-"));
    try {
      if (text !== null) writeFileSync(join(folder, ".env"), text);
      run(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

  test("is read, and the environment wins over it unless it is empty there", () => {
    process.env["SLOTWIRE_TEST_ONE"] = "environment";
    process.env["SLOTWIRE_TEST_TWO"] = "";
    try {
      withFile("SLOTWIRE_TEST_ONE=file\nSLOTWIRE_TEST_TWO=file # two\n", (folder) => {
        expect(readEnvironment(folder)).toMatchObject({
          SLOTWIRE_TEST_ONE: "environment",
          SLOTWIRE_TEST_TWO: "file",
        });
      });
    } finally {
      delete process.env["SLOTWIRE_TEST_ONE"];
      delete process.env["SLOTWIRE_TEST_TWO"];
    }
  });

  test("need not be there", () => {
    withFile(null, (folder) => expect(readEnvironment(folder)["PATH"]).toBe(process.env["PATH"]));
  });
});

describe("trusted proxies", () => {
  const trusted = (given: string) => loadConfig({ SLOTWIRE_TRUSTED_PROXIES: given }).trustedProxies;

  test("are none unless they are named", () => {
    expect(loadConfig({}).trustedProxies).toEqual([]);
  });

  test("are named by ranges, by addresses, or as this machine", () => {
    expect(trusted("10.0.0.0/8, fd00::/8,192.0.2.7")).toEqual([
      "10.0.0.0/8",
      "fd00::/8",
      "192.0.2.7",
    ]);
    expect(trusted("loopback")).toEqual(["127.0.0.0/8", "::1/128"]);
  });

  test("are not everybody, nor a number of hops, nor a name", () => {
    for (const given of ["true", "1", "*", "proxy.example", "10.0.0.0/33"]) {
      expect(() => trusted(given), given).toThrow(/SLOTWIRE_TRUSTED_PROXIES must be ranges/);
    }
  });
});

test("a token of the metrics that could be guessed is refused, and not quoted", () => {
  expect(loadConfig({}).metricsToken).toBeNull();
  const guessed = "short-one";
  expect(() => loadConfig({ SLOTWIRE_METRICS_TOKEN: guessed })).toThrow(/16 characters or more/);
  expect(() => loadConfig({ SLOTWIRE_METRICS_TOKEN: guessed })).not.toThrow(guessed);
});
