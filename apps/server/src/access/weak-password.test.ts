import { describe, expect, test } from "vitest";
import { refuseWeakPassword, weaknessOf } from "./weak-password.ts";

const personal = ["ada.lindqvist@example.com", "Ada Lindqvist", "Lindqvist & Daughters"];

describe("a password is refused", () => {
  test.each(["", "short", "ninechars", "🔑🔑🔑🔑🔑🔑🔑🔑🔑", "x".repeat(201)])(
    "for its length: %j",
    (password) => {
      expect(weaknessOf(password, personal)).toMatch(/^Choose at (least 10|most 200)/);
    },
  );

  test.each([
    "aaaaaaaaaa",
    "abcabcabcabc",
    "12121212121212",
    "ababababab!",
    "0000000000",
    "1234567890",
    "12345678901234",
    "9876543210",
    "abcdefghijkl",
    "qwertyuiop",
    "qwertz123456",
    "asdfghjkl;",
    "1q2w3e4r5t6y",
    "1qaz2wsx3edc",
    "!@#$%^&*()",
  ])("for its pattern: %j", (password) => {
    expect(weaknessOf(password, [])).toMatch(/guessed soon|tried first/);
  });

  test.each([
    "password123",
    "Password2026!",
    "P@ssw0rd-2026",
    "passwort1234",
    "letmein!!!!!",
    "iloveyou2026",
    "AdminPassword1",
    "sunshine2025",
    "Summer2026!!",
    "slotwire2026",
    "correcthorsebatterystaple",
    "2026-11-21!!",
  ])("as too common: %j", (password) => {
    expect(weaknessOf(password, [])).toMatch(/tried first|in a row/);
  });

  test.each([
    "ada.lindqvist@example.com",
    "Ada.Lindqvist1",
    "lindqvist2026",
    "adalindqvist",
    "Lindqvist & Daughters",
    "LindqvistDaughters1",
    "daughters2026",
  ])("for being the person's own: %j", (password) => {
    expect(weaknessOf(password, personal)).toMatch(/^Choose something other/);
  });
});

test.each([
  "correct horse, wrong staple",
  "tvfz-kwpn-31",
  "the cat sat on 14 mats",
  "Öland är en ö i Östersjön",
  "ada bought a lindqvist lamp",
  "парольный лес 7 сосен",
  "xK9#mQ2$vL",
  "4839-2058-1187-3392",
  "wet pavement qwerty",
])("a password that needs guessing is taken: %j", (password) => {
  expect(weaknessOf(password, personal)).toBeNull();
});

test("the refusal names the field, and not the password", () => {
  const refuse = (): void => refuseWeakPassword("password123", []);
  expect(refuse).toThrow(
    expect.objectContaining({
      code: "E_VALIDATION",
      details: {
        errors: [
          {
            path: "body.password",
            message: "This is one of the passwords that are tried first.",
          },
        ],
      },
    }),
  );
});
