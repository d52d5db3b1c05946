import type { FastifyReply, FastifyRequest, FastifySchema } from "fastify";
import { z } from "zod";
import type { ConnectionAddress } from "../inbox/connections/connection-directory.ts";
import { SlotwireError } from "../errors.ts";
import type { App, Hub } from "./app.types.ts";

/** Where sources of one kind post, and what takes what they post. */
interface Doors {
  readonly kind: string;
  readonly path: string;
  /** What both addresses have in common. */
  readonly schema: FastifySchema;
  /** What each of them is: that of the default organisation, and that of one connection. */
  readonly summaries: readonly [string, string];
  readonly receive: (
    request: FastifyRequest,
    reply: FastifyReply,
    connection: ConnectionAddress,
  ) => Promise<FastifyReply>;
}

const params = z.object({ connection: z.string().max(100) });

/** Answers at the path, and below it at an address for each connection. */
export function openDoors(app: App, hub: Hub, doors: Doors): void {
  const { kind, path, schema, summaries, receive } = doors;
  const [summary, summaryOfOne] = summaries;
  app.post(path, { schema: { ...schema, summary } }, async (request, reply) =>
    receive(request, reply, { orgId: hub.defaultOrgId, kind }),
  );
  app.post(
    `${path}/:connection`,
    { schema: { ...schema, summary: summaryOfOne, params } },
    async (request, reply) => {
      const id = z.uuid().safeParse(request.params.connection);
      if (!id.success) throw new SlotwireError("E_CONNECTION_UNKNOWN");
      return receive(request, reply, { id: id.data });
    },
  );
}
