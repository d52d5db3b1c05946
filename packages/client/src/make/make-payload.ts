/** What every event has to have; whatever else it has is sent along. */
export interface MakeEvent {
  /** By which a scenario recognises what arrives twice; made up when there is none. */
  readonly id?: string | undefined;
  readonly event_type: string;
  readonly booking_id?: string | undefined;
  /** When it happened, RFC 3339; `created_at`, or now, when it is absent. */
  readonly occurred_at?: string | undefined;
  readonly created_at?: string | undefined;
}

/** What a scenario may be told beside the event; further fields are sent as they are. */
export interface MakeEventData {
  readonly booking_details?: {
    readonly id: string;
    readonly booking_number: string;
    readonly client_id: string | null;
    readonly provider_id: string | null;
    readonly status: string;
    readonly total_price: number | null;
    readonly [field: string]: unknown;
  };
  readonly client_info?: { readonly id: string; readonly name: string; readonly email: string };
  readonly provider_info?: {
    readonly id: string;
    readonly name: string;
    readonly email: string;
    readonly company_name?: string;
  };
  /** Who caused it. Both are personal data: they are sent only when they are given here. */
  readonly request?: { readonly user_agent?: string; readonly ip_address?: string };
}

/** The body that a scenario's custom webhook receives. */
export interface MakeWebhookPayload<Event = MakeEvent> extends Omit<MakeEventData, "request"> {
  readonly event_id: string;
  readonly event_type: string;
  readonly event_time: string;
  /** What existing scenarios expect to find as the sender. */
  readonly source: "contract-management-system";
  readonly booking_event: Event;
  readonly system: {
    readonly environment: string;
    readonly timestamp: string;
    /** Address of the application, for links. */
    readonly app_url?: string;
    readonly user_agent?: string;
    readonly ip_address?: string;
  };
}

/**
 * Writes the body for an event. It is written once, so that every try sends the same.
 * @param now the present instant, UTC
 */
export function makePayload<Event extends MakeEvent>(
  event: Event,
  { request, ...data }: MakeEventData,
  system: { readonly environment: string; readonly appUrl: string | null; readonly now: Date },
): MakeWebhookPayload<Event> {
  const timestamp = system.now.toISOString();
  return {
    event_id: event.id ?? crypto.randomUUID(),
    event_type: event.event_type,
    event_time: event.occurred_at ?? event.created_at ?? timestamp,
    source: "contract-management-system",
    booking_event: event,
    ...data,
    system: {
      environment: system.environment,
      timestamp,
      ...(system.appUrl === null ? {} : { app_url: system.appUrl }),
      ...request,
    },
  };
}
