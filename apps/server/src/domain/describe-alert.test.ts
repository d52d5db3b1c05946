import { alertKinds } from "@slotwire/contract";
import { describe, expect, test } from "vitest";
import { type AlertParams, type AlertRow, MAX_DETAILS, toAlert } from "./describe-alert.ts";

const at = "2026-03-01T08:00:00.000Z";
const alert = (kind: AlertRow["kind"], params: AlertParams = {}) =>
  toAlert({
    id: "01900000-0000-7000-8000-000000000000",
    kind,
    severity: "warning",
    connection_id: null,
    connection_name: "Cal.com",
    destination_id: null,
    destination_name: null,
    params,
    opened_at: at,
    last_seen_at: at,
    count: 1,
    acknowledged_by: null,
    acknowledged_at: null,
    resolved_by: null,
    resolved_at: null,
  });

const sentences = /^[A-Z0-9].*\.$/;

describe.each(alertKinds)("the words of %s", (kind) => {
  test.each([{}, { total: 1 }, { total: 7 }, { details: ["payload.a"], trigger: "PING" }])(
    "are sentences, whatever it counts: %o",
    (params) => {
      const { title, description, remedy } = alert(kind, params);
      expect(title).toMatch(/^Cal\.com: .*[^.]$/);
      expect(description).toMatch(sentences);
      expect(remedy).toMatch(sentences);
    },
  );
});

test("of more fields than are kept it does not say how many there are", () => {
  const fields = (count: number): string =>
    alert("unknown_fields", {
      details: Array.from({ length: count }, (_, no) => `payload.field${no}`),
    }).description;
  expect(fields(1)).toContain("have one field that");
  expect(fields(MAX_DETAILS - 1)).toContain(`have ${MAX_DETAILS - 1} fields that`);
  expect(fields(MAX_DETAILS)).toContain(`have ${MAX_DETAILS} fields or more that`);
});
