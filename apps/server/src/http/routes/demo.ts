import {
  beginDemoHappeningsSchema,
  changeDemoSchema,
  demoQuerySchema,
  demoSchema,
  demoTestResultSchema,
  demoTestWebhookSchema,
} from "@slotwire/contract";
import { SlotwireError } from "../../errors.ts";
import type { App, Hub } from "../app.types.ts";
import { requireAuthor, requireRole } from "../authorise.ts";
import type { DemoControls } from "../demo-controls.types.ts";

const tags = ["demo"];
const response = { 200: demoSchema };

/** The demo's simulated source: only where the hub was started with a demo, and only in it. */
export function demoRoutes(app: App, hub: Hub): void {
  if (!hub.config.demo) return;
  /** @throws SlotwireError E_NOT_FOUND in every other organisation */
  const demoOf = ({ orgId }: { readonly orgId: string }): DemoControls => {
    const { controls } = hub.demo;
    if (controls === null || controls.orgId !== orgId) throw new SlotwireError("E_NOT_FOUND");
    return controls;
  };
  addSettings(app, demoOf);
  addHappenings(app, demoOf);

  app.post(
    "/api/v1/demo/test-webhook",
    {
      schema: {
        tags,
        summary: "Post a test message to the demo's connection",
        description:
          "By HTTP, as a source would: signed with the connection's secret, or with another one. Answers what the hub answered.",
        body: demoTestWebhookSchema,
        response: { 200: demoTestResultSchema },
      },
    },
    (request) =>
      demoOf(requireRole(request, "organisation:manage")).testWebhook(request.body.signature),
  );
}

type DemoOf = (of: { readonly orgId: string }) => DemoControls;

function addSettings(app: App, demoOf: DemoOf): void {
  app.get(
    "/api/v1/demo",
    {
      schema: {
        tags,
        summary: "Read how the demo's source behaves, what it has done, and what is true there",
        description:
          "With `after`, the visits that changed since that change, at most 1,000. A visit of which nothing is open, in an answer without `unprocessed` messages, is in the event log up to `position` as it is here.",
        querystring: demoQuerySchema,
        response,
      },
    },
    (request) => demoOf(requireRole(request, "organisation:manage")).read(request.query.after),
  );

  app.patch(
    "/api/v1/demo",
    {
      schema: {
        tags,
        summary: "Change how the demo's source behaves",
        description: "From the next message on, until the hub is started again.",
        body: changeDemoSchema,
        response,
      },
    },
    (request) => {
      const author = requireAuthor(request, "organisation:manage");
      return demoOf(author).change(author, request.body);
    },
  );
}

function addHappenings(app: App, demoOf: DemoOf): void {
  app.post(
    "/api/v1/demo/happenings",
    {
      schema: {
        tags,
        summary: "Let many things happen at the demo's source",
        description:
          "As fast as the hub takes them; `burst` tells how far it is. 409 while the former is under way.",
        body: beginDemoHappeningsSchema,
        response: { 202: demoSchema },
      },
    },
    async (request, reply) => {
      const demo = demoOf(requireRole(request, "organisation:manage"));
      return reply.code(202).send(await demo.begin(request.body.count));
    },
  );

  app.delete(
    "/api/v1/demo/happenings",
    {
      schema: {
        tags,
        summary: "Stop letting them happen",
        description: "What has happened has happened, and still arrives.",
        response,
      },
    },
    (request) => demoOf(requireRole(request, "organisation:manage")).cancel(),
  );
}
