/** A name as people fill it into one field, in parts. */
export interface NameParts {
  readonly firstName: string | null;
  readonly lastName: string | null;
}

/** The first word, and the rest; nothing of what is an address or a number. */
export function splitName(name: string): NameParts {
  const words = name.trim().split(/\s+/u);
  const [firstName = ""] = words;
  if (firstName === "" || /[@\p{Nd}]/u.test(name)) return { firstName: null, lastName: null };
  return { firstName, lastName: words.slice(1).join(" ") || null };
}
