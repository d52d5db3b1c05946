import { SlotwireError } from "../errors.ts";
import { commonWords } from "./common-passwords.ts";

/** The fewest and the most characters of a password. */
const SHORTEST = 10;
const LONGEST = 200;
/** Without any letter it is a date or a telephone number, unless it is long. */
const SHORTEST_OF_DIGITS = 16;

/** What anybody would try first of this very person: e-mail, names, the organisation's name. */
export type Personal = readonly (string | null)[];

/** Rows of keyboards and counting: nobody may walk along them. */
const walks = [
  "abcdefghijklmnopqrstuvwxyz",
  "01234567890123456789",
  "qwertyuiopasdfghjklzxcvbnm",
  "qwertzuiopasdfghjklyxcvbnm",
  "azertyuiopqsdfghjklmwxcvbn",
  "1q2w3e4r5t6y7u8i9o0p",
  "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
  "!@#$%^&*()_+",
].flatMap((row) => [row, Array.from(row).toReversed().join("")]);

/** Letters that signs and digits are put for. */
const disguises: Readonly<Record<string, string>> = {
  "@": "a",
  "4": "a",
  "3": "e",
  "1": "i",
  "!": "i",
  "0": "o",
  $: "s",
  "5": "s",
  "7": "t",
};

/**
 * Says why a password would be guessed soon.
 * @param personal what is known of its owner
 * @returns a sentence for that person, or null when nothing speaks against it
 */
export function weaknessOf(password: string, personal: Personal): string | null {
  const length = Array.from(password).length;
  if (length < SHORTEST) return `Choose at least ${SHORTEST} characters.`;
  if (length > LONGEST) return `Choose at most ${LONGEST} characters.`;
  const plain = password.normalize("NFKC").toLowerCase();
  if (isRepetition(plain)) return "The same again and again is guessed soon.";
  if (isWalk(plain)) return "Characters in a row are guessed soon.";
  const cores = coresOf(plain);
  const onlyDigits = cores[0] === "" && length < SHORTEST_OF_DIGITS;
  if (onlyDigits || cores.some((core) => isCommon(core))) {
    return "This is one of the passwords that are tried first.";
  }
  const known = personal.flatMap(knownWords);
  if (cores.some((core) => known.includes(core))) {
    return "Choose something other than your name, your e-mail or the organisation's name.";
  }
  return null;
}

/**
 * @param path of the field, for the answer
 * @throws SlotwireError E_VALIDATION when the password would be guessed soon
 */
export function refuseWeakPassword(
  password: string,
  personal: Personal,
  path = "body.password",
): void {
  const message = weaknessOf(password, personal);
  if (message !== null) throw new SlotwireError("E_VALIDATION", { errors: [{ path, message }] });
}

/** Up to five characters that repeat, as in `abcabcabcabc`, or next to no different ones. */
function isRepetition(plain: string): boolean {
  return /^(.{1,5}?)\1+.{0,4}$/u.test(plain) || new Set(plain).size < 4;
}

/** Mostly a walk along a row: what remains would be too short by itself. */
function isWalk(plain: string): boolean {
  return walks.some((row) => {
    const rest = withoutWalks(plain, row);
    return plain.length - rest >= 6 && rest < 4;
  });
}

/** How many characters are in no run of four or more along `row`. */
function withoutWalks(plain: string, row: string): number {
  let rest = 0;
  for (let at = 0; at < plain.length;) {
    let run = 4;
    while (at + run <= plain.length && row.includes(plain.slice(at, at + run))) run += 1;
    const found = run > 4 ? run - 1 : 0;
    rest += found === 0 ? 1 : 0;
    at += Math.max(found, 1);
  }
  return rest;
}

/**
 * What is left without digits and signs: around it only, everywhere, and with the disguises
 * taken off, so that `P@ssw0rd-2026` is `password`.
 */
function coresOf(plain: string): string[] {
  const letters = (text: string): string => text.replaceAll(/[^\p{L}]/gu, "");
  const trimmed = plain.replaceAll(/^[^\p{L}@$]+|[^\p{L}@$]+$/gu, "");
  const undisguised = trimmed.replaceAll(/[^\p{L}]/gu, (sign) => disguises[sign] ?? sign);
  return [letters(plain), letters(trimmed), letters(undisguised)];
}

/** One common word, or two. */
function isCommon(core: string): boolean {
  if (commonWords.has(core)) return true;
  for (let cut = 3; cut <= core.length - 3; cut += 1) {
    if (commonWords.has(core.slice(0, cut)) && commonWords.has(core.slice(cut))) return true;
  }
  return false;
}

/** A name or an e-mail as cores: whole, its parts, and an e-mail's part before the @. */
function knownWords(text: string | null): string[] {
  const plain = (text ?? "").normalize("NFKC").toLowerCase();
  const [local = ""] = plain.split("@");
  const parts = plain.split(/[^\p{L}]+/u);
  return [plain, local, ...parts]
    .map((part) => part.replaceAll(/[^\p{L}]/gu, ""))
    .filter((part) => part.length >= 3);
}
