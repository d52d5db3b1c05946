import { healthSchema } from "@slotwire/contract";
import { z } from "zod";
import { opensStored } from "../../db/key-check.ts";
import { isMigrated } from "../../db/migrate.ts";
import { SlotwireError } from "../../errors.ts";
import type { App, Hub } from "../app.types.ts";
import { readHealth } from "../read-health.ts";

const tags = ["health"];
const okSchema = z.object({ status: z.literal("ok") });

/** Whether the process lives, whether it can work, and how each part is. No key is needed. */
export function healthRoutes(app: App, hub: Hub): void {
  app.get(
    "/livez",
    {
      schema: { tags, security: [], summary: "The process runs", response: { 200: okSchema } },
    },
    async () => ({ status: "ok" as const }),
  );

  app.get(
    "/readyz",
    {
      schema: {
        tags,
        security: [],
        summary: "The database is reachable and migrated, and its secrets can be opened",
        response: { 200: okSchema },
      },
    },
    async () => {
      const ready = await isMigrated(hub.db).catch(() => false);
      if (!ready) throw new SlotwireError("E_UNAVAILABLE");
      if (!(await opensStored(hub.db, hub.secretBox))) {
        throw new SlotwireError("E_MASTER_KEY");
      }
      return { status: "ok" as const };
    },
  );

  for (const path of ["/api/health", "/health"]) {
    app.get(
      path,
      {
        schema: {
          tags,
          security: [],
          summary: "The state of each part and the age of its last work",
          response: { 200: healthSchema, 503: healthSchema },
        },
      },
      async (_request, reply) => {
        const health = await readHealth(hub);
        return reply.code(health.status === "down" ? 503 : 200).send(health);
      },
    );
  }
}
