import swagger from "@fastify/swagger";
import { problemSchema } from "@slotwire/contract";
import type { FastifySchema } from "fastify";
import { createJsonSchemaTransform } from "fastify-type-provider-zod";
import { z } from "zod";
import type { App, Hub } from "./app.types.ts";
import { PROBLEM_TYPE } from "./problem.ts";

const description = `
Bookings of every source, kept once. Bodies are JSON in snake_case; instants are RFC 3339.
Errors are problem documents (RFC 9457) with a stable \`code\` and a \`remedy\`.
Lists answer \`{ data, next_cursor }\`: pass \`next_cursor\` back as \`cursor\` for the next page.
`.trim();

const transformZod = createJsonSchemaTransform({});

/** Whatever a route answers, its errors have one shape. */
const problemResponse = {
  description: "A problem document",
  content: { [PROBLEM_TYPE]: { schema: z.toJSONSchema(problemSchema, { io: "output" }) } },
};

/** Routes without a description are not part of the API: the dashboard's files, for example. */
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
      const transformed = transformZod(document);
      const response = (transformed.schema as { response?: object }).response;
      return {
        ...transformed,
        schema: { ...transformed.schema, response: { ...response, default: problemResponse } },
      };
    },
  });
}
