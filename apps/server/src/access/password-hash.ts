import { randomBytes, scrypt, type ScryptOptions } from "node:crypto";
import { sameSecret } from "../same-secret.ts";
import { SlotwireError } from "../errors.ts";

/** What a hash costs: `2 ** logN` × 1 KiB × `r` of memory, and time in proportion. */
export interface ScryptCost {
  readonly logN: number;
  readonly r: number;
  readonly p: number;
}

/** What was found of a password and a stored hash. */
export interface PasswordVerdict {
  readonly isRight: boolean;
  /** Whether the hash was made at another cost, and should be made anew. */
  readonly isStale: boolean;
}

/** Hashes passwords, and compares them. */
export interface PasswordHasher {
  /** @returns a PHC string */
  hash(password: string): Promise<string>;
  /**
   * Takes as long for nobody as for somebody.
   * @param stored a PHC string, or null when there is no such account or password
   * @throws SlotwireError E_RATE_LIMITED when too many passwords wait to be checked
   */
  verify(password: string, stored: string | null): Promise<PasswordVerdict>;
}

/** 128 MiB and about half a second: OWASP's first choice for scrypt. */
const defaultCost: ScryptCost = { logN: 17, r: 8, p: 1 };

/** How many hashes are computed at once: each holds its memory, and a thread of the pool. */
const PARALLEL = 2;
/** How many may wait; more would only time out. */
const MAX_WAITING = 60;
/** Seconds after which whoever found the queue full may try again. */
const RETRY_FULL = 10;

const SALT = 16;
const KEY = 32;
/** A stored hash that would take more than this is no hash of ours. */
const MAX_LOG_N = 20;

interface Parsed extends ScryptCost {
  readonly salt: Buffer;
  readonly key: Buffer;
}

/** Makes the hasher. Tests lower the cost. */
export function createPasswordHasher(cost: ScryptCost = defaultCost): PasswordHasher {
  const turns = new Turns();
  const derive = (password: string, salt: Buffer, at: ScryptCost): Promise<Buffer> =>
    turns.take(() => runScrypt(password.normalize("NFKC"), salt, at));
  // What nobody's password is compared with.
  const nobody: Parsed = { ...cost, salt: randomBytes(SALT), key: randomBytes(KEY) };
  return {
    async hash(password) {
      const salt = randomBytes(SALT);
      return format({ ...cost, salt, key: await derive(password, salt, cost) });
    },
    async verify(password, stored) {
      const parsed = stored === null ? null : parse(stored);
      const against = parsed ?? nobody;
      const key = await derive(password, against.salt, against);
      const isRight = sameSecret(key, against.key) && parsed !== null;
      return { isRight, isStale: isRight && !isOfCost(against, cost) };
    },
  };
}

function isOfCost(parsed: ScryptCost, { logN, r, p }: ScryptCost): boolean {
  return parsed.logN === logN && parsed.r === r && parsed.p === p;
}

/** `$scrypt$ln=17,r=8,p=1$<salt>$<key>`, base64 without padding: the PHC string format. */
function format({ logN, r, p, salt, key }: Parsed): string {
  const base64 = (bytes: Buffer): string => bytes.toString("base64").replace(/=+$/, "");
  return `$scrypt$ln=${logN},r=${r},p=${p}$${base64(salt)}$${base64(key)}`;
}

function parse(stored: string): Parsed | null {
  const match =
    /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(
      stored,
    );
  if (match === null) return null;
  const [, logN, r, p, salt = "", key = ""] = match;
  const parsed = {
    logN: Number(logN),
    r: Number(r),
    p: Number(p),
    salt: Buffer.from(salt, "base64"),
    key: Buffer.from(key, "base64"),
  };
  return parsed.logN <= MAX_LOG_N && parsed.key.length === KEY ? parsed : null;
}

function runScrypt(password: string, salt: Buffer, { logN, r, p }: ScryptCost): Promise<Buffer> {
  const options: ScryptOptions = { N: 2 ** logN, r, p, maxmem: 2 ** logN * r * 128 * 2 };
  return new Promise((resolve, reject) => {
    scrypt(password, salt, KEY, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

/** Lets a few pieces of work run at once, and the others wait in order. */
class Turns {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  async take<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#running >= PARALLEL) await this.#wait();
    else this.#running += 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      // The turn is handed on: nobody who comes in between can take it.
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }

  #wait(): Promise<void> {
    if (this.#waiting.length >= MAX_WAITING) {
      throw new SlotwireError("E_RATE_LIMITED", { extra: { retry_after_seconds: RETRY_FULL } });
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
