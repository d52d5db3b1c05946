import type { ErrorCode } from "../errors.ts";
import type { Interpretation } from "./connector.ts";

/** Why messages of a source cannot be understood: an error code and words, by a name for each. */
type Problems<Name extends string> = Readonly<Record<Name, readonly [ErrorCode, string]>>;

const MAX_WHERE = 300;

/**
 * Makes the function that gives the outcome for a message that cannot be understood. None of them
 * goes away by itself: the message is processed again after a fix, not retried. Its last parameter
 * says what exactly is wrong, for example the path of a field.
 */
export function failures<Name extends string>(
  problems: Problems<Name>,
): (trigger: string | null, problem: Name, where?: string) => Interpretation {
  return (trigger, problem, where) => {
    const [code, words] = problems[problem];
    const reason = where === undefined ? words : `${words}: ${where.slice(0, MAX_WHERE)}`;
    return { outcome: "failed", trigger, code, reason };
  };
}
