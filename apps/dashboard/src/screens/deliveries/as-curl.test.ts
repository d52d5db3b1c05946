import { describe, expect, it } from "vitest";
import { asCurl } from "./as-curl.ts";

describe("a request as a curl command", () => {
  it("is one of a shell, whatever stands in the body", () => {
    const command = asCurl(
      {
        request_headers: { "content-type": "application/json", "content-length": "1" },
        request_body: `{"title":"Anna's $HOME"}`,
      },
      "https://hook.example.com/a",
    );
    expect(command).toBe(
      [
        "curl --request POST 'https://hook.example.com/a'",
        "  --header 'content-type: application/json'",
        String.raw`  --data-raw '{"title":"Anna'\''s $HOME"}'`,
      ].join(" \\\n"),
    );
  });

  it("names places instead of keys", () => {
    const command = asCurl(
      { request_headers: { authorization: "•••" }, request_body: null },
      "https://user:pass@hook.example.com/x?token=abc&kind=1",
    );
    expect(command).toContain("authorization: YOUR_KEY");
    expect(command).toContain("https://YOUR_KEY@hook.example.com/x?token=YOUR_KEY&kind=YOUR_KEY");
    expect(command).not.toMatch(/pass|abc|•/);
  });
});
