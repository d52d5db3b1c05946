import { lazy, Suspense, useSyncExternalStore } from "react";
import { onProofQuestion, openProofQuestion } from "./proof.ts";

const ProveAgain = lazy(async () => ({
  default: (await import("../screens/prove/prove-again.tsx")).ProveAgain,
}));

/** The question who one is, while a call waits for its answer. */
export function OpenProofQuestion() {
  const question = useSyncExternalStore(onProofQuestion, openProofQuestion);
  if (question === null) return null;
  return (
    <Suspense>
      <ProveAgain question={question} />
    </Suspense>
  );
}
