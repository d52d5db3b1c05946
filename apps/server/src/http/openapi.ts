import swagger from "@fastify/swagger";
import {
  activitySchema,
  apiKeySchema,
  auditEntrySchema,
  bookingEventSchema,
  bookingSchema,
  connectionSchema,
  customerSchema,
  deliveryAttemptSchema,
  deliverySchema,
  destinationSchema,
  healthSchema,
  inboundMessageSchema,
  invitationSchema,
  memberSchema,
  organisationSchema,
  problemSchema,
  sessionSchema,
  subjectSchema,
  taskSchema,
  timelineEntrySchema,
  webhookReceiptSchema,
} from "@slotwire/contract";
import type { FastifySchema } from "fastify";
import {
  createJsonSchemaTransform,
  createJsonSchemaTransformObject,
} from "fastify-type-provider-zod";
import { z } from "zod";
import type { App, Hub } from "./app.types.ts";
import { PROBLEM_TYPE } from "./problem.ts";

const description = `
Bookings of every source, kept once. Bodies are JSON in snake_case; instants are RFC 3339.
Errors are problem documents (RFC 9457) with a stable \`code\` and a \`remedy\`.
Lists answer \`{ data, next_cursor }\`: pass \`next_cursor\` back as \`cursor\` for the next page.
`.trim();

/** The schemas that the description names, instead of repeating them wherever they occur. */
const named = {
  Activity: activitySchema,
  ApiKey: apiKeySchema,
  AuditEntry: auditEntrySchema,
  Booking: bookingSchema,
  BookingEvent: bookingEventSchema,
  Connection: connectionSchema,
  Customer: customerSchema,
  Delivery: deliverySchema,
  DeliveryAttempt: deliveryAttemptSchema,
  Destination: destinationSchema,
  Health: healthSchema,
  InboundMessage: inboundMessageSchema,
  Invitation: invitationSchema,
  Member: memberSchema,
  Organisation: organisationSchema,
  Problem: problemSchema,
  Session: sessionSchema,
  Subject: subjectSchema,
  Task: taskSchema,
  TimelineEntry: timelineEntrySchema,
  WebhookReceipt: webhookReceiptSchema,
};

const schemaRegistry = z.registry<{ id: string }>();
for (const [id, schema] of Object.entries(named)) schemaRegistry.add(schema, { id });

/** A format says what its long pattern says. */
const zodToJsonConfig = {
  override({ jsonSchema }: { jsonSchema: { format?: string; pattern?: string } }) {
    if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
  },
};

const transformRoute = createJsonSchemaTransform({ schemaRegistry, zodToJsonConfig });
const transformObject = createJsonSchemaTransformObject({ schemaRegistry, zodToJsonConfig });

/** Whatever a route answers, its errors have one shape. */
const problemResponse = {
  description: "A problem document",
  content: { [PROBLEM_TYPE]: { schema: { $ref: "#/components/schemas/Problem" } } },
};

/** Routes without a summary are not part of the API: the dashboard's files, for example. */
function isDescribed(schema: FastifySchema | undefined): boolean {
  return schema !== undefined && "summary" in schema;
}

/** Describes the API in OpenAPI 3.1 from the very schemas that check it. */
export async function describeApi(app: App, hub: Hub): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: { title: "Slotwire", version: "1", description, license: { name: "MIT" } },
      servers: [{ url: hub.config.publicUrl }],
      security: [{ apiKey: [] }, { session: [] }],
      components: {
        securitySchemes: {
          apiKey: { type: "http", scheme: "bearer", description: "An API key." },
          session: { type: "apiKey", in: "cookie", name: "slotwire_session" },
        },
      },
    },
    transform(document) {
      if (!isDescribed(document.schema)) return { schema: { hide: true }, url: document.url };
      const transformed = transformRoute(document);
      const { response } = transformed.schema as { response?: object };
      return {
        ...transformed,
        schema: { ...transformed.schema, response: { ...response, default: problemResponse } },
      };
    },
    transformObject: (document) => withoutInputs(transformObject(document)),
  });
}

/** No request takes one of the named schemas, so their variants for input are left out. */
function withoutInputs(document: ReturnType<typeof transformObject>): typeof document {
  const { components } = document as { components: { schemas: Record<string, object> } };
  const schemas = Object.fromEntries(
    Object.entries(components.schemas).filter(([id]) => id in named),
  );
  return { ...document, components: { ...components, schemas } };
}
