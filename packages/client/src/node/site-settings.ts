/** What a booking site says in its environment. */
export interface SiteSettings {
  /** Address of the hub. */
  readonly url: string | null;
  readonly secret: string | null;
  readonly outboxFolder: string;
}

/** Reads the environment; an empty value counts as not set. */
export function siteSettings(): SiteSettings {
  return {
    url: read("CRM_WEBHOOK_URL"),
    secret: read("CRM_WEBHOOK_SECRET"),
    outboxFolder: read("CRM_OUTBOX_DIR") ?? ".crm-outbox",
  };
}

function read(name: string): string | null {
  const value = process.env[name]?.trim() ?? "";
  return value === "" ? null : value;
}
