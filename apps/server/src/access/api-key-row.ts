import type { ApiKeyResource, NamedKey, Scope } from "@slotwire/contract";

/** A row of `api_key`, with its makers' names. */
export interface ApiKeyRow {
  readonly id: string;
  readonly name: string;
  readonly kind: "secret" | "publishable";
  readonly prefix: string;
  readonly role: "admin" | "developer";
  readonly scopes: Scope[];
  readonly allowed_ranges: string[] | null;
  readonly allowed_origins: string[] | null;
  readonly requests_per_minute: number;
  readonly expires_at: Date | null;
  readonly last_used_at: Date | null;
  readonly last_used_address: string | null;
  readonly created_by: string | null;
  readonly created_by_key: NamedKey | null;
  readonly created_at: Date;
}

/** The key as the API shows it: never with its hash. */
export function apiKeyResource(row: ApiKeyRow): ApiKeyResource {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    prefix: row.prefix,
    role: row.role,
    scopes: row.scopes,
    allowed_ranges: row.allowed_ranges,
    allowed_origins: row.allowed_origins,
    requests_per_minute: row.requests_per_minute,
    origin: "user",
    expires_at: row.expires_at?.toISOString() ?? null,
    last_used_at: row.last_used_at?.toISOString() ?? null,
    last_used_address: row.last_used_address,
    created_by: row.created_by,
    created_by_key: row.created_by_key,
    created_at: row.created_at.toISOString(),
  };
}
