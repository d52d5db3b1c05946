import { describe, expect, it } from "vitest";
import { deviceOf } from "./device-of.ts";

const agents = {
  "Firefox on Windows":
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
  "Safari on iPhone":
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
  "Edge on Windows":
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
  "Chrome on Android":
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
  "Safari on Mac":
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
} as const;

describe("a browser's own name", () => {
  it.each(Object.entries(agents))("is told as %s", (words, agent) => {
    expect(deviceOf(agent).words).toBe(words);
  });

  it("is not guessed", () => {
    expect(deviceOf(null)).toEqual({ words: "A browser on an unknown device", isPhone: false });
    expect(deviceOf("curl/8.0").words).toBe("A browser on an unknown device");
  });
});
