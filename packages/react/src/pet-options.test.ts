import { expect, it } from "vitest";
import { petOptions } from "./pet-options.ts";

const customers = [
  {
    id: "c1",
    name: "Jan Wójcik",
    email: "jan@mail.example",
    phone: "+48601234567",
    subjects: [
      { id: "p1", name: "Burek", breed: "Labrador" },
      { id: "p2", name: "Łatka", breed: null },
    ],
  },
  { id: "c2", name: "Anna Berg", email: null, phone: null, subjects: [] },
];
const found = (query: string, keepFound?: boolean): string[] =>
  petOptions(customers, query, keepFound).map(
    ({ customer, pet }) => `${pet?.name ?? "–"} of ${customer.name}`,
  );

it("offers every pet with its owner, and owners without a pet", () => {
  expect(found("")).toEqual(["Burek of Jan Wójcik", "Łatka of Jan Wójcik", "– of Anna Berg"]);
});

it.each([
  ["labra", ["Burek of Jan Wójcik"]],
  ["wojcik latka", ["Łatka of Jan Wójcik"]],
  [" JAN  burek ", ["Burek of Jan Wójcik"]],
  ["0123", ["Burek of Jan Wójcik", "Łatka of Jan Wójcik"]],
  ["anna", ["– of Anna Berg"]],
  ["anna burek", []],
])("finds by %o", (query, expected) => {
  expect(found(query)).toEqual(expected);
});

it("keeps whom the hub has found by what is not shown", () => {
  expect(found("client-7", true)).toHaveLength(3);
  expect(found("burek", true)).toEqual(["Burek of Jan Wójcik", "– of Anna Berg"]);
});
