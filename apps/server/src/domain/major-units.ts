const digits = new Map<string, number>();

/**
 * An amount in the currency's own unit: 1250 are 12.5 EUR, and 1250 JPY.
 * @param minor in the smallest unit
 * @param currency ISO 4217; without one, two digits are taken for the smaller unit
 */
export function majorUnits(minor: number, currency: string | null): number {
  return minor / 10 ** digitsOf(currency ?? "EUR");
}

/** A formatter is expensive to make, and there are few currencies. */
function digitsOf(currency: string): number {
  let known = digits.get(currency);
  if (known === undefined) {
    const format = new Intl.NumberFormat("en", { style: "currency", currency });
    known = format.resolvedOptions().maximumFractionDigits ?? 2;
    digits.set(currency, known);
  }
  return known;
}
