import { getCountries } from "libphonenumber-js/min";

interface RegionalLocale extends Intl.Locale {
  getTimeZones?(): readonly string[] | undefined;
}

let byZone: ReadonlyMap<string, string> | null = null;

/**
 * The country that a time zone lies in, by the runtime's own CLDR data.
 * @param zone IANA name
 * @returns ISO 3166 code; null for a zone of no country, such as `UTC`
 */
export function countryOfZone(zone: string): string | null {
  byZone ??= new Map(
    getCountries().flatMap((country) => {
      const zones = (new Intl.Locale(`und-${country}`) as RegionalLocale).getTimeZones?.() ?? [];
      return zones.map((name) => [name, country] as const);
    }),
  );
  return byZone.get(zone) ?? null;
}
