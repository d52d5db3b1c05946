import { expect, test } from "vitest";
import { acceptsPage } from "./accepts-page.ts";

test.each([
  ["application/json", true],
  ["Application/JSON; charset=utf-8", true],
  ["application/json, text/plain, */*", true],
  ["application/json, text/event-stream;q=0.5", true],
  ["text/event-stream;q=0.1, application/json;q=0.2", true],
  ["application/*", true],
  ["text/event-stream", false],
  ["text/event-stream, application/json", false],
  ["application/json;q=0.5, */*", false],
  ["application/json;q=0", false],
  ["application/json;q=much", false],
  ["*/*", false],
  ["text/html, image/png", false],
  ["", false],
  [undefined, false],
])("Accept: %s", (accept, isPage) => {
  expect(acceptsPage(accept)).toBe(isPage);
});
