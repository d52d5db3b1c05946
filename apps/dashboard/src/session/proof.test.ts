import { ApiError } from "@slotwire/client";
import { describe, expect, it } from "vitest";
import { openProofQuestion, ProofDeclined, proven } from "./proof.ts";

const refusal = (code: string) =>
  new ApiError({ type: "about:blank", title: code, status: 403, code, remedy: "" });

/** A call that the hub refuses until `isProven`. */
function aSensitiveCall() {
  const state = { calls: 0, isProven: false };
  const call = () => {
    state.calls++;
    return state.isProven ? Promise.resolve("done") : Promise.reject(refusal("E_CONFIRM"));
  };
  return { state, call };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

describe("a call that asks for a proof", () => {
  it("is made once more after it was given", async () => {
    const { state, call } = aSensitiveCall();
    const answer = proven(call);
    await settled();
    state.isProven = true;
    openProofQuestion()?.answer();
    expect(await answer).toBe("done");
    expect(state.calls).toBe(2);
    expect(openProofQuestion()).toBeNull();
  });

  it("is given up when the question is closed", async () => {
    const { state, call } = aSensitiveCall();
    const answer = proven(call).catch((error: unknown) => error);
    await settled();
    openProofQuestion()?.decline();
    expect(await answer).toBeInstanceOf(ProofDeclined);
    expect(state.calls).toBe(1);
    expect(openProofQuestion()).toBeNull();
  });

  it("shares one question with another that asks meanwhile", async () => {
    const [one, other] = [aSensitiveCall(), aSensitiveCall()];
    const answers = Promise.all([proven(one.call), proven(other.call)]);
    await settled();
    one.state.isProven = other.state.isProven = true;
    openProofQuestion()?.answer();
    expect(await answers).toEqual(["done", "done"]);
  });

  it("throws every other refusal as it is, without a question", async () => {
    const error = refusal("E_FORBIDDEN");
    await expect(proven(() => Promise.reject(error))).rejects.toBe(error);
    expect(openProofQuestion()).toBeNull();
  });
});
