import { describe, expect, it } from "vitest";
import { comparability, isSettingUp, stateOf } from "./connection-state.ts";

const now = Date.parse("2026-11-21T12:00:00Z");
const fresh = {
  status: "active",
  first_message_at: null,
  last_message_at: null,
  last_refused_at: null,
  last_refusal: null,
} as const;

describe("a connection", () => {
  it("waits until the first message", () => {
    expect(stateOf(fresh, now)).toEqual({ is: "waiting" });
    expect(isSettingUp(fresh)).toBe(true);
  });

  it("tells of its first message for a while, and then of the last", () => {
    const first_message_at = "2026-11-21T11:59:57Z";
    const arrived = { ...fresh, first_message_at, last_message_at: first_message_at };
    expect(stateOf(arrived, now)).toEqual({ is: "arrived", at: now - 3_000 });
    expect(stateOf(arrived, now + 3_600_000)).toEqual({ is: "working", at: first_message_at });
    expect(isSettingUp(arrived)).toBe(false);
  });

  it("tells of a first message that the page saw coming, whatever its clock says", () => {
    const first_message_at = "2026-11-21T07:00:00Z";
    const arrived = { ...fresh, first_message_at, last_message_at: first_message_at };
    expect(stateOf(arrived, now)).toMatchObject({ is: "working" });
    expect(stateOf(arrived, now, now - 1_000)).toEqual({ is: "arrived", at: now - 1_000 });
    expect(stateOf(arrived, now + 3_600_000, now)).toMatchObject({ is: "working" });
  });

  it("says that messages are refused until one is taken", () => {
    const refused = {
      ...fresh,
      last_refused_at: "2026-11-21T11:59:00Z",
      last_refusal: "E_SIGNATURE",
    };
    expect(stateOf(refused, now)).toMatchObject({ is: "refused", code: "E_SIGNATURE" });
    expect(isSettingUp(refused)).toBe(true);
    const taken = {
      ...refused,
      first_message_at: "2026-11-21T11:59:30Z",
      last_message_at: "2026-11-21T11:59:30Z",
    };
    expect(stateOf(taken, now)).toMatchObject({ is: "arrived" });
    const again = { ...taken, last_refused_at: "2026-11-21T11:59:50Z" };
    expect(stateOf(again, now)).toMatchObject({ is: "refused" });
  });

  it("is paused, whatever else there is to say", () => {
    const paused = { ...fresh, status: "paused" } as const;
    expect(stateOf(paused, now)).toEqual({ is: "paused" });
    expect(isSettingUp(paused)).toBe(false);
  });
});

describe("comparing with the source", () => {
  const bare = { has_api_key: false, has_secret: true, api_url: null };
  const kind = { takes_api_key: true, secret_is_api_key: false };

  it("takes an API, and its key", () => {
    expect(comparability({ ...bare, has_api_key: true }, kind)).toBe("yes");
    expect(comparability(bare, kind)).toBe("no_key");
    expect(comparability(bare, { ...kind, takes_api_key: false })).toBe("no_api");
  });

  it("takes the secret for the key where it is one, and only at the source's own address", () => {
    const signsByKey = { ...kind, secret_is_api_key: true };
    expect(comparability(bare, signsByKey)).toBe("yes");
    expect(comparability({ ...bare, has_secret: false }, signsByKey)).toBe("no_key");
    expect(comparability({ ...bare, api_url: "https://own.example" }, signsByKey)).toBe("no_key");
  });
});
