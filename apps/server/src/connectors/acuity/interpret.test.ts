import { expect, test } from "vitest";
import { acuityMessage } from "./fixtures.ts";
import { interpret } from "./interpret.ts";

test.each(["scheduled", "rescheduled", "canceled", "changed"])(
  "%s asks for the appointment",
  (action) => {
    for (const trigger of [action, `appointment.${action}`]) {
      expect(interpret(acuityMessage(trigger))).toMatchObject({
        outcome: "fetch",
        trigger,
        id: "54321",
        summary: expect.stringContaining("appointment 54321 was") as string,
      });
    }
  },
);

test.each(["order.completed", "constructor"])("%s is ignored by name", (action) => {
  expect(interpret(acuityMessage(action))).toMatchObject({
    outcome: "ignored",
    trigger: action,
    reason: expect.stringContaining(action) as string,
  });
});

test.each(["", "0", "12/../13", "1 OR 1", "-1", "abc", "9".repeat(21)])(
  "%j is no appointment's number",
  (id) => {
    expect(interpret(acuityMessage("changed", id))).toMatchObject({
      outcome: "failed",
      code: "E_MESSAGE_SHAPE",
    });
  },
);
