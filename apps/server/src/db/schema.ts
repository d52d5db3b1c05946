import type { ColumnType, Generated } from "kysely";

/** A column that the database computes. */
type Computed<T> = ColumnType<T, never, never>;
/** jsonb: read as a value, written as JSON text. */
type Json<T> = ColumnType<T, string, string>;
/** timestamptz: read as Date, written as Date or RFC 3339. */
type Instant = ColumnType<Date, Date | string, Date | string>;
type OptionalInstant = ColumnType<
  Date | null,
  Date | string | null | undefined,
  Date | string | null
>;
type InstantWithDefault = ColumnType<Date, Date | string | undefined, Date | string>;

/** The tables as typed queries see them; `migrations/` is what creates them. */
export interface Schema {
  organisation: {
    id: string;
    slug: string;
    name: string;
    time_zone: string;
    created_at: InstantWithDefault;
  };
  org_counter: { org_id: string; seq: Generated<number>; booking_number: Generated<number> };
  app_user: {
    id: string;
    name: string;
    email: string | null;
    password_hash: string | null;
    password_changed_at: OptionalInstant;
    totp_sealed: Uint8Array | null;
    totp_confirmed_at: OptionalInstant;
    totp_last_step: number | null;
    disabled_at: OptionalInstant;
    created_at: InstantWithDefault;
  };
  recovery_code: { user_id: string; code_hash: Uint8Array };
  user_identity: { issuer: string; subject: string; user_id: string; created_at: Instant };
  attempt_throttle: {
    key: Uint8Array;
    failures: number;
    last_failure_at: Instant;
    blocked_until: Instant;
  };
  membership: {
    org_id: string;
    user_id: string;
    role: string;
    provider_email: string | null;
    hide_contacts: Generated<boolean>;
    created_at: InstantWithDefault;
  };
  invitation: {
    org_id: string;
    id: string;
    email: string;
    role: string;
    provider_email: string | null;
    hide_contacts: Generated<boolean>;
    token_hash: Uint8Array;
    invited_by: string | null;
    created_at: Instant;
    expires_at: Instant;
    accepted_at: OptionalInstant;
    revoked_at: OptionalInstant;
  };
  api_key: {
    org_id: string;
    id: string;
    name: string;
    kind: string;
    prefix: string;
    key_hash: Uint8Array;
    role: string;
    scopes: string[];
    allowed_ranges: string[] | null;
    allowed_origins: string[] | null;
    requests_per_minute: number;
    expires_at: OptionalInstant;
    last_used_at: OptionalInstant;
    last_used_address: string | null;
    created_by: string | null;
    created_by_key: string | null;
    created_at: Instant;
    revoked_at: OptionalInstant;
  };
  stream_ticket: {
    token_hash: Uint8Array;
    org_id_of: string;
    claims: Json<unknown>;
    expires_at: Instant;
  };
  audit_log: {
    org_id: string;
    id: string;
    at: Instant;
    actor_kind: string;
    actor_id: string | null;
    actor_name: string;
    action: string;
    entity: string;
    entity_id: string | null;
    entity_name: string | null;
    old: Json<unknown> | null;
    new: Json<unknown> | null;
    address: string | null;
    user_agent: string | null;
    request_id: string | null;
  };
  session: {
    token_hash: Uint8Array;
    user_id: string;
    org_id_active: string;
    id: Generated<string>;
    method: Generated<string>;
    address: string | null;
    user_agent: string | null;
    authenticated_at: InstantWithDefault;
    created_at: Instant;
    last_seen_at: Instant;
    expires_at: Instant;
  };
  sign_in_link: {
    token_hash: Uint8Array;
    user_id: string;
    org_id_active: string;
    purpose: Generated<string>;
    expires_at: Instant;
  };
  schedule: {
    name: string;
    cron: string;
    next_run_at: Instant;
    attempts: Generated<number>;
    lease_until: OptionalInstant;
    lease_token: string | null;
    last_started_at: OptionalInstant;
    last_finished_at: OptionalInstant;
    last_error: string | null;
  };
  connection: {
    org_id: string;
    id: string;
    kind: string;
    name: string;
    status: Generated<string>;
    origin: string;
    secret_sealed: Uint8Array | null;
    previous_secret_sealed: Uint8Array | null;
    previous_secret_until: OptionalInstant;
    auth_modes: Generated<string[]>;
    url_token_hash: Uint8Array | null;
    previous_url_token_hash: Uint8Array | null;
    previous_url_token_until: OptionalInstant;
    allowed_ranges: string[] | null;
    messages_per_minute: Generated<number>;
    last_refused_at: OptionalInstant;
    last_refusal: string | null;
    settings: ColumnType<Record<string, unknown>, string | undefined, string>;
    api_url: string | null;
    api_key_sealed: Uint8Array | null;
    removed_at: OptionalInstant;
    created_at: InstantWithDefault;
  };
  inbound_message: {
    org_id: string;
    id: string;
    connection_id: string;
    dedupe_key: Uint8Array;
    trigger: string | null;
    status: string;
    action: string | null;
    summary: Generated<string>;
    warning: string | null;
    signature_state: string;
    headers: Json<Record<string, string>>;
    body: Uint8Array;
    waiting_for: string | null;
    booking_id: string | null;
    error_code: string | null;
    error: string | null;
    duplicate_count: Generated<number>;
    attempts: Generated<number>;
    next_attempt_at: OptionalInstant;
    lease_until: OptionalInstant;
    lease_token: string | null;
    received_at: Instant;
    processed_at: OptionalInstant;
  };
  booking: {
    org_id: string;
    id: Generated<string>;
    booking_number: number;
    version: Generated<number>;
    status: Generated<string>;
    source_status: string | null;
    status_reason: string | null;
    cancelled_by: string | null;
    occupancy: Computed<string>;
    starts_at: Instant;
    ends_at: Instant;
    duration_minutes: Computed<number>;
    time_zone: Generated<string>;
    title: Generated<string>;
    description: string | null;
    location: string | null;
    meeting_url: string | null;
    provider_name: string | null;
    provider_email: string | null;
    service_key: string | null;
    service_name: string | null;
    metadata: Json<Record<string, unknown>>;
    payment_status: Generated<string>;
    price_minor: number | null;
    currency: string | null;
    seats: number | null;
    series_ref: string | null;
    customer_id: string | null;
    link_dismissed_at: OptionalInstant;
    owner_connection_id: string | null;
    source_sequence: number | null;
    source_updated_at: OptionalInstant;
    created_at: InstantWithDefault;
    updated_at: InstantWithDefault;
    deleted_at: OptionalInstant;
  };
  booking_attendee: {
    org_id: string;
    booking_id: string;
    position: number;
    name: string | null;
    email: string | null;
    phone: string | null;
    status: Generated<string>;
    seat_ref: string | null;
    source_updated_at: OptionalInstant;
  };
  customer: {
    org_id: string;
    id: Generated<string>;
    display_name: string;
    first_name: string | null;
    last_name: string | null;
    tags: Generated<string[]>;
    source: string;
    connection_id: string | null;
    merged_into: string | null;
    created_at: InstantWithDefault;
    updated_at: InstantWithDefault;
  };
  customer_identity: {
    org_id: string;
    id: Generated<string>;
    customer_id: string;
    kind: string;
    connection_id: string | null;
    value_raw: string;
    value_norm: string;
    is_primary: Generated<boolean>;
    created_at: InstantWithDefault;
  };
  subject: {
    org_id: string;
    id: Generated<string>;
    customer_id: string;
    kind: Generated<string>;
    name: string;
    breed: string | null;
    allergies: Generated<string[]>;
    external_id: string | null;
    inactive_at: OptionalInstant;
    created_at: InstantWithDefault;
    updated_at: InstantWithDefault;
  };
  booking_subject: { org_id: string; booking_id: string; subject_id: string };
  booking_external_ref: {
    org_id: string;
    connection_id: string;
    kind: string;
    external_id: string;
    booking_id: string;
    superseded_at: OptionalInstant;
  };
  booking_event: {
    org_id: string;
    seq: number;
    id: string;
    booking_id: string;
    booking_version: number;
    event_type: string;
    occurred_at: Instant;
    recorded_at: InstantWithDefault;
    actor_kind: string;
    actor_id: string | null;
    actor_name: string | null;
    connection_id: string | null;
    source_kind: string | null;
    inbound_message_id: string | null;
    old_status: string | null;
    new_status: string;
    changed_fields: string[];
    previous: Json<Record<string, unknown>>;
    booking: Json<Record<string, unknown>>;
    irregular: Generated<boolean>;
    backfill: Generated<boolean>;
  };
  destination: {
    org_id: string;
    id: string;
    name: string;
    url: string;
    profile: string;
    event_types: string[];
    payload_mode: string;
    ordering: string;
    status: Generated<string>;
    disabled_reason: string | null;
    origin: string;
    secret_sealed: Uint8Array;
    previous_secret_sealed: Uint8Array | null;
    previous_secret_until: OptionalInstant;
    auth_header: string | null;
    auth_value_sealed: Uint8Array | null;
    created_at: InstantWithDefault;
    deleted_at: OptionalInstant;
  };
  delivery: {
    org_id: string;
    id: Generated<string>;
    destination_id: string;
    booking_event_id: string;
    booking_id: string;
    booking_version: number;
    status: Generated<string>;
    skip_reason: string | null;
    attempt_count: Generated<number>;
    next_attempt_at: OptionalInstant;
    lease_until: OptionalInstant;
    lease_token: string | null;
    lost_leases: Generated<number>;
    delivered_at: OptionalInstant;
    last_status_code: number | null;
    error_class: string | null;
    created_at: InstantWithDefault;
  };
  delivery_attempt: {
    org_id: string;
    delivery_id: string;
    no: number;
    at: Instant;
    status_code: number | null;
    error_class: string | null;
    error: string | null;
    response_body: string | null;
    total_ms: number;
  };
}
