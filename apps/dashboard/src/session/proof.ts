import { ApiError } from "@slotwire/client";

/** Whoever was asked closed the question: nothing was done, and nothing went wrong. */
export class ProofDeclined extends Error {
  constructor() {
    super("The question was closed.");
    this.name = "ProofDeclined";
  }
}

/** The open question, who you are; one at a time. */
export interface ProofQuestion {
  /** Goes on with what was asked for. */
  readonly answer: () => void;
  readonly decline: () => void;
}

let question: ProofQuestion | null = null;
const listeners = new Set<() => void>();

function show(next: ProofQuestion | null): void {
  question = next;
  for (const listener of listeners) listener();
}

/** The question that waits for an answer, or null. */
export function openProofQuestion(): ProofQuestion | null {
  return question;
}

/** Tells when a question is opened or closed. @returns what ends that */
export function onProofQuestion(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * Makes a call of the hub that it may refuse until one has shown again who one is: then asks, and
 * makes it once more.
 * @throws ProofDeclined when the question is closed; whatever the call throws
 */
export async function proven<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== "E_CONFIRM") throw error;
  }
  await ask();
  return call();
}

async function ask(): Promise<void> {
  // Another call may be asking already; its answer counts for this one, too.
  const before = question;
  try {
    await new Promise<void>((resolve, reject) => {
      show({
        answer() {
          before?.answer();
          resolve();
        },
        decline() {
          before?.decline();
          reject(new ProofDeclined());
        },
      });
    });
  } finally {
    show(null);
  }
}
