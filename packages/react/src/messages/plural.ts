/** The forms of a text by number. Those that a language does not have are left out. */
export interface PluralForms {
  readonly one?: string;
  /** Polish: 2, 3, 4, 22 … */
  readonly few?: string;
  /** Polish: 5 to 21, 25 … */
  readonly many?: string;
  /** All others; of Polish, fractions. */
  readonly other: string;
}

/**
 * The form of a text that a number takes in a language, with the number in place of `#`.
 * @param locale BCP 47, for example `pl-PL`
 */
export function plural(locale: string, n: number, forms: PluralForms): string {
  const form = new Intl.PluralRules(locale).select(n) as keyof PluralForms;
  return (forms[form] ?? forms.other).replace("#", new Intl.NumberFormat(locale).format(n));
}
