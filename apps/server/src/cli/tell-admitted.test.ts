import { expect, test } from "vitest";
import { tellAdmitted } from "./tell-admitted.ts";

const admitted = { userId: "u", isNew: false, isTakenOver: false, elsewhere: [] };

test("of an account that was there the operator is told what ended, and where else it belongs", () => {
  expect(tellAdmitted({ ...admitted, isNew: true })).toBe("");
  expect(tellAdmitted(admitted)).toBe("");
  const told = tellAdmitted({ ...admitted, isTakenOver: true, elsewhere: ["North", "South"] });
  expect(told).toContain("sessions have ended");
  expect(told).toContain("also belongs to: North, South.");
});
