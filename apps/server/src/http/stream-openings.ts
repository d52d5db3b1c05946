import type { Clock } from "../clock.ts";
import { SlotwireError } from "../errors.ts";
import type { StreamHolder } from "../live/open-streams.ts";
import { AttemptLimit } from "./attempt-limit.ts";

/** So many streams at once, and then one in so many milliseconds. */
interface Pace {
  readonly burst: number;
  readonly interval: number;
}

/** All tabs of a person may come back at once, and all readers of a program. */
const few: Pace = { burst: 60, interval: 200 };
const many: Pace = { burst: 5000, interval: 20 };

const paces: Readonly<Record<StreamHolder["kind"], Pace>> = {
  user: few,
  stream_token: few,
  api_key: many,
};

/**
 * How often each holder opens a stream. To open one asks the database several things, so that a page
 * that opens and drops one after another would keep everybody else waiting.
 */
export class StreamOpenings {
  readonly #limits: Readonly<Record<StreamHolder["kind"], AttemptLimit>>;

  constructor(clock: Clock) {
    this.#limits = {
      user: new AttemptLimit(clock, paces.user),
      stream_token: new AttemptLimit(clock, paces.stream_token),
      api_key: new AttemptLimit(clock, paces.api_key),
    };
  }

  /**
   * Counts a stream of each of its holders, up to one that may open none: who is refused takes nothing
   * from those with whom they share the next.
   * @param holders a token before whoever it speaks for
   * @throws SlotwireError E_RATE_LIMITED with the seconds to wait
   */
  take(...holders: readonly StreamHolder[]): void {
    for (const { kind, id } of holders) {
      const seconds = this.#limits[kind].take(id);
      if (seconds > 0) throw tooOften(seconds);
    }
  }
}

const tooOften = (seconds: number): SlotwireError =>
  new SlotwireError("E_RATE_LIMITED", {
    detail:
      "You open streams too often. Leave one open: it tells of everything, and tabs and widgets can share it.",
    extra: { retry_after_seconds: seconds },
  });
