/** No visit costs more, in the smallest unit. */
const MAX_MINOR = 10 ** 12;

/**
 * Reads an amount of money.
 * @param amount in the currency's unit, as a number or as digits: 12.5 or "12.50"
 * @param currency ISO 4217, in either case
 * @returns the amount in the smallest unit, or null when it is none or below zero
 */
export function readPrice(
  amount: unknown,
  currency: unknown,
): { readonly priceMinor: number; readonly currency: string } | null {
  const code = readCurrency(currency);
  const isDigits = typeof amount === "string" && /^\d{1,10}(\.\d{1,6})?$/.test(amount);
  const isNumber = typeof amount === "number" || isDigits;
  if (code === null || !isNumber) return null;
  const minor = Math.round(Number(amount) * 10 ** currencyDigits(code));
  return minor >= 0 && minor <= MAX_MINOR ? { priceMinor: minor, currency: code } : null;
}

/** Reads the code of a currency, in capitals; null when it is none. */
export function readCurrency(value: unknown): string | null {
  if (typeof value !== "string" || !/^[A-Za-z]{3}$/.test(value)) return null;
  return value.toUpperCase();
}

/** How many digits the smallest unit of a currency has: 2 for EUR, 0 for JPY, 3 for KWD. */
export function currencyDigits(currency: string): number {
  const format = new Intl.NumberFormat("en", { style: "currency", currency });
  return format.resolvedOptions().maximumFractionDigits ?? 2;
}
