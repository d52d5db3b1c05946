import { ApiError } from "@slotwire/client";
import { expect, it } from "vitest";
import { common } from "../messages/en.ts";
import { problemWords } from "./problem-words.ts";

const refused = (errors?: { path: string; message: string }[]): ApiError =>
  new ApiError({
    type: "about:blank",
    title: "The request is not valid",
    status: 422,
    code: "E_VALIDATION",
    remedy: "Correct the fields listed in `errors`.",
    ...(errors && { errors }),
  });

it("names each field that is wrong, and leaves out what only programs see", () => {
  const errors = [
    { path: "querystring.booking_id", message: "Invalid UUID" },
    { path: "body.starts_at", message: "Invalid date" },
    { path: "body", message: "Too much" },
  ];
  const words = problemWords(refused(errors), common);
  expect(words).toBe("booking_id: Invalid UUID; starts_at: Invalid date; Too much.");
});

it("says the remedy where no field is named", () => {
  const words = problemWords(refused(), common);
  expect(words).toBe("The request is not valid. Correct the fields listed in `errors`.");
});

it("speaks of roles only where the hub does", () => {
  const problem = { type: "about:blank", title: "From elsewhere", status: 403, remedy: "Set it." };
  const words = (code: string) => problemWords(new ApiError({ ...problem, code }), common);
  expect(words("E_CROSS_SITE")).toBe("From elsewhere. Set it.");
  expect([words("E_FORBIDDEN"), words("E_HTTP")]).toEqual([common.forbidden, common.forbidden]);
});
