/** Letters that a decomposition does not take apart. */
const letters: Readonly<Record<string, string>> = {
  ł: "l",
  đ: "d",
  ð: "d",
  þ: "th",
  ø: "o",
  æ: "a",
  œ: "o",
  ß: "ss",
  ı: "i",
};
const titles = new Set(["mr", "mrs", "ms", "miss", "dr", "prof", "herr", "fru", "pan", "pani"]);
/** Enough for any name, and few enough to try every pairing. */
const MAX_WORDS = 6;

/**
 * Whether two names may be one person's: without accents, in any order of the words, with middle
 * names and initials left out or spelled out. A family's members, who share a last name, are not
 * similar; neither is a last name alone to a whole name.
 */
export function areSimilarNames(one: string, other: string): boolean {
  const [short, long] = [wordsOf(one), wordsOf(other)].toSorted((a, b) => a.length - b.length) as [
    string[],
    string[],
  ];
  if (short.length === 0 || !short.concat(long).some((word) => word.length > 1)) return false;
  if (short.length === 1) return short[0] === long[0];
  return canPair(short, long, false);
}

/** The words of a name, folded, first names first. */
function wordsOf(name: string): string[] {
  const folded = fold(name);
  const [last, first, ...more] = folded.split(",");
  const inOrder = first === undefined || more.length > 0 ? folded : `${first} ${last}`;
  return inOrder
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== "" && !titles.has(word))
    .slice(0, MAX_WORDS);
}

/** Lower case without accents; "Søren", "Sören" and "Soeren" become one. */
function fold(name: string): string {
  return name
    .normalize("NFKD")
    .replaceAll(/[\p{M}'’`]/gu, "")
    .toLowerCase()
    .replaceAll(/[łđðþøæœßı]/g, (letter) => letters[letter] ?? letter)
    .replaceAll(/([aou])e|aa/g, (pair) => pair.charAt(0));
}

/** Whether each word of `short` has one of its own in `long`, at least one of them whole. */
function canPair(short: readonly string[], long: readonly string[], hasWhole: boolean): boolean {
  const [word, ...rest] = short;
  if (word === undefined) return hasWhole;
  return long.some((candidate, at) => {
    const isWhole = word === candidate && word.length > 1;
    if (!isWhole && !isInitial(word, candidate)) return false;
    return canPair(rest, long.toSpliced(at, 1), hasWhole || isWhole);
  });
}

const isInitial = (one: string, other: string): boolean =>
  (one.length === 1 || other.length === 1) && one.charAt(0) === other.charAt(0);
