/** What the environment says of Make.com. */
export interface MakeSettings {
  readonly url: string | null;
  readonly secret: string | null;
  /** Address of the application itself. */
  readonly appUrl: string | null;
  readonly environment: string;
}

/** Reads the environment, which a page does not have; an empty value counts as not set. */
export function makeSettings(): MakeSettings {
  return {
    url: read("MAKE_WEBHOOK_URL"),
    secret: read("MAKE_WEBHOOK_SECRET"),
    appUrl: read("NEXT_PUBLIC_APP_URL"),
    environment: read("NODE_ENV") ?? "production",
  };
}

/** What programs have and pages do not: named here, as pages are built without the types of Node. */
interface Surroundings {
  readonly process?: { readonly env?: Readonly<Record<string, string | undefined>> };
}

function read(name: string): string | null {
  const value = (globalThis as Surroundings).process?.env?.[name]?.trim();
  return value === undefined || value === "" ? null : value;
}
