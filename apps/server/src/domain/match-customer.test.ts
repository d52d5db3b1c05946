import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CustomerCandidate, contactOf, matchCustomer, reachable } from "./match-customer.ts";

const anna: CustomerCandidate = {
  id: "anna",
  version: 3,
  by: "email",
  displayName: "Anna Berg",
  firstName: "Anna",
  lastName: "Berg",
  hasEmail: true,
  hasPhone: true,
  edited: [],
};
const by = (way: CustomerCandidate["by"], more: Partial<CustomerCandidate> = {}) => ({
  ...anna,
  by: way,
  ...more,
});
const contact = (name: string | null, email: string | null, phone: string | null = null) =>
  contactOf({ name, email, phone }, "SE");
const annas = contact("Anna Berg", "Anna@Example.com", "070-123 45 67");

const match = (
  customers: CustomerCandidate[],
  whose = annas,
  named: { customerId?: string; subjectId?: string } | null = null,
  subjects: { id: string; customerId: string }[] = [],
) =>
  matchCustomer(
    { customers, subjects },
    named && { customerId: null, subjectId: null, ...named },
    whose,
  );

describe("the customer of a booking", () => {
  const rex = { id: "rex", customerId: "anna" };
  test.each([
    ["is whom the message names", match([by("name")], annas, { customerId: "1" }), ["anna", []]],
    [
      "is whom the message names, with the pet",
      match([by("name")], annas, { customerId: "1", subjectId: "7" }, [rex]),
      ["anna", ["rex"]],
    ],
    [
      "is whose the named pet is",
      match([by("subject")], annas, { subjectId: "7" }, [rex]),
      ["anna", ["rex"]],
    ],
    [
      "is whom the message names, whoever has the address",
      match([by("email", { id: "bo" }), by("name")], annas, { customerId: "1" }),
      ["anna", []],
    ],
    [
      "is who has the address, whatever the name",
      match([by("email")], contact("X", "a@b.c")),
      ["anna", []],
    ],
    [
      "is who has the address, before who has the number",
      match([by("phone", { id: "bo" }), by("email")]),
      ["anna", []],
    ],
    [
      "is who has the number and a similar name",
      match([by("phone", { id: "jan", displayName: "Jan Berg" }), by("phone")]),
      ["anna", []],
    ],
  ])("%s", (_name, result, [customerId, subjectIds]) => {
    expect(result).toMatchObject({ outcome: "found", customerId, subjectIds });
  });

  test.each([
    ["a customer", { customerId: "1" }, [], { customer: true, subject: false }],
    ["a pet", { subjectId: "7" }, [], { customer: false, subject: true }],
    ["both", { customerId: "1", subjectId: "7" }, [], { customer: true, subject: true }],
    [
      "a customer, with a pet of ours",
      { customerId: "1", subjectId: "7" },
      [rex],
      { customer: true, subject: false },
    ],
  ])(
    "is nobody when the message names %s that there is not, whoever has the address",
    (_name, named, subjects, unknown) => {
      expect(match([by("email"), by("phone")], annas, named, subjects)).toEqual({
        outcome: "rejected",
        rejection: { why: "unknown", ...unknown },
      });
    },
  );

  test("is nobody when a pet alone is named and somebody else is known to have booked", () => {
    const ofBo = [by("subject", { id: "bo" }), by("email", { id: "anna" })];
    const pet = [{ id: "7", customerId: "bo" }];
    expect(match(ofBo, annas, { subjectId: "7" }, pet)).toMatchObject({
      outcome: "rejected",
      rejection: { why: "not_theirs" },
    });
  });

  test("is nobody when the pet is another's", () => {
    const bos = { id: "rex", customerId: "bo" };
    expect(
      match([by("name"), by("subject", { id: "bo" })], annas, { customerId: "1", subjectId: "7" }, [
        bos,
      ]),
    ).toEqual({
      outcome: "rejected",
      rejection: { why: "not_theirs" },
    });
  });

  test("is the one who has been known longest when the same person is known twice", () => {
    const twice = [by("phone", { id: "later" }), by("phone", { id: "early" })];
    expect(match(twice, contact("A. Berg", null, "0701234567"))).toMatchObject({
      outcome: "found",
      customerId: "early",
    });
  });

  test("is somebody new when only the number is known, of another in the family", () => {
    expect(match([by("phone", { displayName: "Jan Berg" })])).toMatchObject({
      outcome: "new",
      customer: {
        displayName: "Anna Berg",
        firstName: "Anna",
        lastName: "Berg",
        seenWithPhone: 1,
        identities: [
          { kind: "email", raw: "Anna@Example.com", norm: "anna@example.com" },
          { kind: "phone", raw: "070-123 45 67", norm: "+46701234567" },
        ],
      },
    });
  });

  test("is nobody when one initial may mean several, when there is a number alone, or no way to reach anybody", () => {
    const family = [by("phone"), by("phone", { id: "alva", displayName: "Alva Berg" })];
    expect(match(family, contact("A Berg", null, "0701234567")).outcome).toBe("none");
    expect(match([by("phone")], contact(null, null, "0701234567")).outcome).toBe("none");
    expect(match([], null).outcome).toBe("none");
  });
});

describe("what a message adds to a customer", () => {
  const blanks = (more: Partial<CustomerCandidate>, whose = annas) => {
    const result = match([by("email", more)], whose);
    return result.outcome === "found" ? result.blanks : result;
  };

  test("is nothing when all is known, whatever else it says", () => {
    expect(blanks({}, contact("Somebody Else", "anna@example.com", "08-12 34 56"))).toBeNull();
  });

  test("is what is missing", () => {
    expect(blanks({ hasPhone: false, lastName: null, displayName: "Anna" })).toEqual({
      version: 3,
      displayName: "Anna Berg",
      firstName: null,
      lastName: "Berg",
      identities: [{ kind: "phone", raw: "070-123 45 67", norm: "+46701234567" }],
    });
    expect(
      blanks({ firstName: null, lastName: null, displayName: "anna@example.com" }),
    ).toMatchObject({ displayName: "Anna Berg", firstName: "Anna", lastName: "Berg" });
  });

  test("is never an empty name, another's last name, or what a person filled or emptied", () => {
    expect(blanks({ lastName: null }, contact("Anna", "a@b.c"))).toBeNull();
    expect(blanks({ lastName: null }, contact("Bo Lind", "a@b.c"))).toBeNull();
    expect(blanks({ hasPhone: false, lastName: null, edited: ["phone", "name"] })).toBeNull();
  });

  test("is nothing when the message names them: anybody can write a link", () => {
    const result = match([by("name", { hasPhone: false, hasEmail: false })], annas, {
      customerId: "1",
    });
    expect(result).toMatchObject({ outcome: "found", blanks: null });
  });
});

test("who booked is the first that can be reached and still comes", () => {
  const person = {
    name: "A",
    email: null,
    phone: null,
    status: "accepted",
    seatRef: null,
  } as const;
  const gone = { ...person, email: "gone@example.com", status: "cancelled" } as const;
  const there = { ...person, phone: "070" };
  expect(reachable([person, gone, there])).toBe(there);
  expect(reachable([person])).toBeNull();
  expect(contactOf(there, null)).toBeNull();
});

test("whatever is found, at most one is chosen, and never one that was not found", () => {
  const candidate = fc.record({
    id: fc.constantFrom("a", "b", "c"),
    version: fc.constant(1),
    by: fc.constantFrom("name", "email", "phone", "subject"),
    displayName: fc.constantFrom("Anna Berg", "Jan Berg", "A Berg", "x@y.z"),
    firstName: fc.constantFrom(null, "Anna"),
    lastName: fc.constantFrom(null, "Berg"),
    hasEmail: fc.boolean(),
    hasPhone: fc.boolean(),
    edited: fc.subarray(["name", "email", "phone"]),
  });
  const subject = fc.record({ id: fc.constant("rex"), customerId: fc.constantFrom("a", "b") });
  const named = fc.record({
    customerId: fc.constantFrom(null, "1"),
    subjectId: fc.constantFrom(null, "7"),
  });
  fc.assert(
    fc.property(fc.array(candidate), fc.array(subject), fc.option(named), (found, pets, names) => {
      const customers = found as CustomerCandidate[];
      const result = matchCustomer({ customers, subjects: pets }, names, annas);
      if (result.outcome !== "found") return;
      const ways = found.filter(({ id }) => id === result.customerId).map((each) => each.by);
      expect(ways).not.toEqual([]);
      if (names === null) expect(ways.some((way) => way === "email" || way === "phone")).toBe(true);
      for (const id of result.subjectIds) {
        expect(pets).toContainEqual({ id, customerId: result.customerId });
      }
    }),
  );
});
