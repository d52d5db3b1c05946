import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { validateMakeWebhookConfig } from "./validate-make-webhook-config.ts";

const names = ["MAKE_WEBHOOK_URL", "MAKE_WEBHOOK_SECRET", "NEXT_PUBLIC_APP_URL"];
beforeEach(() => {
  for (const name of names) vi.stubEnv(name, "");
});
afterEach(() => vi.unstubAllEnvs());

const url = "https://hook.eu1.make.com/an1id";
const good = { url, secret: "a-key" };

describe("a configuration", () => {
  test("of the environment is valid without a word", () => {
    vi.stubEnv("MAKE_WEBHOOK_URL", url);
    vi.stubEnv("MAKE_WEBHOOK_SECRET", "a-key");
    vi.stubEnv("NEXT_PUBLIC_APP_URL", "https://app.example");
    expect(validateMakeWebhookConfig()).toEqual({ isValid: true, errors: [], warnings: [] });
  });

  test("of nothing says what is missing", () => {
    expect(validateMakeWebhookConfig()).toEqual({
      isValid: false,
      errors: [expect.stringContaining("MAKE_WEBHOOK_URL is not set")],
      warnings: [
        expect.stringContaining("MAKE_WEBHOOK_SECRET is not set"),
        expect.stringContaining("NEXT_PUBLIC_APP_URL is not set"),
      ],
    });
  });

  test.each([
    ["hook.eu1.make.com/x", /not an address/],
    ["ftp://hook.eu1.make.com/x", /not an address/],
    ["http://hook.eu1.make.com/x", /https/],
    ["https://hook.eu1.make.com/", /names no webhook/],
  ])("with the address %s is refused", (wrong, words) => {
    const { isValid, errors } = validateMakeWebhookConfig({ ...good, url: wrong });
    expect([isValid, errors]).toEqual([false, [expect.stringMatching(words)]]);
  });

  test.each([
    ["https://example.com/x", /not Make\.com's/],
    ["https://hook.eu1.make.com.example/x", /not Make\.com's/],
    ["http://127.0.0.1:8080/x", /this machine/],
  ])("with the address %s is questioned", (odd, words) => {
    const { isValid, warnings } = validateMakeWebhookConfig({ ...good, url: odd });
    expect([isValid, warnings]).toEqual([
      true,
      expect.arrayContaining([expect.stringMatching(words)]),
    ]);
  });

  test("with a key that Make.com does not take is refused", () => {
    for (const secret of ["ł", "x".repeat(513)]) {
      expect(validateMakeWebhookConfig({ ...good, secret }).isValid).toBe(false);
    }
    expect(validateMakeWebhookConfig({ ...good, signingSecret: "whsec_?" }).isValid).toBe(false);
  });

  test("of production whose application is this machine is questioned", () => {
    vi.stubEnv("NEXT_PUBLIC_APP_URL", "http://localhost:3001");
    vi.stubEnv("NODE_ENV", "production");
    expect(validateMakeWebhookConfig(good).warnings).toEqual([
      expect.stringContaining("this machine itself"),
    ]);
    vi.stubEnv("NEXT_PUBLIC_APP_URL", "no address");
    expect(validateMakeWebhookConfig(good).isValid).toBe(false);
  });
});
