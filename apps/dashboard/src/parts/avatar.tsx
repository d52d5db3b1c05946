const first = new Intl.Segmenter("en", { granularity: "grapheme" });

/** The initials of a name: of its first and its last word. */
export function initials(name: string): string {
  const words = name.trim().split(/[\s@._-]+/u);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return ends
    .map((word = "") => first.segment(word)[Symbol.iterator]().next().value?.segment ?? "")
    .join("")
    .toLocaleUpperCase();
}

/** A person as initials; the name stands beside it. */
export function Avatar({ name }: { name: string }) {
  return (
    <span
      aria-hidden="true"
      className="grid size-8 shrink-0 place-items-center rounded-full bg-accent-soft text-xs font-semibold text-accent-strong"
    >
      {initials(name)}
    </span>
  );
}
