import { deliveryListQuerySchema } from "@slotwire/contract";
import { ApiError } from "@slotwire/client";
import { expect, it } from "vitest";
import { refusedFilters } from "./senseless-filter.tsx";

const refusal = (...paths: string[]) =>
  new ApiError({
    type: "about:blank",
    title: "The request is not valid",
    status: 422,
    code: "E_VALIDATION",
    remedy: "Correct the fields listed in `errors`.",
    errors: paths.map((path) => ({ path, message: "Invalid" })),
  });

it("names every filter of the list in people's words", () => {
  const { limit: _limit, cursor: _cursor, ...filters } = deliveryListQuerySchema.shape;
  for (const name of Object.keys(filters)) {
    expect(refusedFilters(refusal(`query.${name}`)), name).toEqual([
      expect.stringMatching(/^[A-Z]/),
    ]);
  }
  expect(refusedFilters(refusal("query.from", "query.from", "query.to"))).toEqual(["From", "To"]);
});

it("leaves what else goes wrong to be told as it is", () => {
  expect(refusedFilters(refusal("query.cursor"))).toBeNull();
  expect(refusedFilters(new TypeError("nobody answered"))).toBeNull();
});
