/** What a question came to: an answer, or what it failed by. */
export type Outcome<Data> =
  | { readonly data: Data; readonly error: null }
  | { readonly error: unknown };

/** Asks one question again and again. */
export interface Asker {
  /** Asks at once, or as soon as what is under way has been answered: once, however often that is wished. */
  readonly askSoon: () => void;
  /** Asks at once, and drops what is under way: it is known to be out of date. */
  readonly askAnew: () => void;
  /** Tells nothing any more. */
  readonly end: () => void;
}

/**
 * Makes an asker. What comes of `askSoon` is always told: where one wishes for more than can be answered,
 * there is something to show all the same.
 */
export function askInTurn<Data>(
  question: () => Promise<Data>,
  tell: (outcome: Outcome<Data>) => void,
): Asker {
  let isWanted = false;
  let underWay: object | null = null;
  const ask = async (): Promise<void> => {
    const own = {};
    underWay = own;
    isWanted = false;
    const outcome = await question().then(
      (data): Outcome<Data> => ({ data, error: null }),
      (error: unknown): Outcome<Data> => ({ error }),
    );
    if (own !== underWay) return;
    underWay = null;
    tell(outcome);
    if (isWanted) void ask();
  };
  return {
    askAnew: () => void ask(),
    askSoon() {
      if (underWay === null) void ask();
      else isWanted = true;
    },
    end() {
      underWay = null;
    },
  };
}
