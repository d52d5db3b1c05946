import type { AddressInfo } from "node:net";
import cookie from "@fastify/cookie";
import Fastify from "fastify";
import {
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from "fastify-type-provider-zod";
import { type Database, system, tenant } from "../src/db/database.ts";
import { createLocalWake } from "../src/db/local-wake.ts";
import type { App, Hub } from "../src/http/app.types.ts";
import { answerErrors } from "../src/http/error-handler.ts";
import { identifyPrincipals } from "../src/http/identify.ts";
import { bookingEventsRoutes } from "../src/http/routes/booking-events.ts";
import { streamRoutes, type StreamRouteOptions } from "../src/http/routes/stream.ts";
import { createTestHub, type TestHub, type TestHubOptions } from "./test-hub.ts";

/** A node that serves nothing but the log, with a stream that is timed as a test needs it. */
export interface StreamNode {
  readonly app: App;
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Starts one more node on the hub's database. @param port the same as before, after a restart */
export async function startStreamNode(
  hub: Hub,
  options: StreamRouteOptions = {},
  port = 0,
): Promise<StreamNode> {
  const app: App = Fastify({ forceCloseConnections: "idle" }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  answerErrors(app, hub.config.publicUrl);
  await app.register(cookie);
  identifyPrincipals(app, hub);
  await app.register(async (scope) => {
    const routes = scope.withTypeProvider<ZodTypeProvider>();
    bookingEventsRoutes(routes, hub);
    streamRoutes(routes, hub, options);
  });
  await app.listen({ port, host: "127.0.0.1" });
  const { port: bound } = app.server.address() as AddressInfo;
  return { app, url: `http://127.0.0.1:${bound}`, close: () => app.close() };
}

/** A hub whose streams are woken within the process. */
export const createStreamTestHub = (
  options: Pick<TestHubOptions, "connectors"> = {},
): Promise<TestHub> => createTestHub({ wake: createLocalWake(), ...options });

/**
 * Books `count` visits by plain SQL, in one transaction: the database's trigger writes an event
 * for each.
 * @param padding length of each booking's title
 */
export async function book(
  db: Database,
  orgId: string,
  count: number,
  padding = 10,
): Promise<void> {
  await db.transaction(tenant(orgId), (tx) =>
    tx.query(
      `INSERT INTO booking (org_id, starts_at, ends_at, title)
         SELECT $1::uuid, now(), now() + interval '1 hour', repeat('x', $3::int)
           FROM generate_series(1, $2::int)`,
      [orgId, count, padding],
    ),
  );
}

/** The same, and wakes the streams as the ledger does after its commit. */
export async function bookAndWake({ db, wake }: Hub, orgId: string, count: number): Promise<void> {
  await book(db, orgId, count);
  wake.signal("events");
}

/** Lengthens a log that is not empty by changes of its last booking, much faster than by real ones. */
export async function lengthenLog(db: Database, orgId: string, count: number): Promise<void> {
  await db.transaction(system, async (tx) => {
    await tx.query(
      `INSERT INTO booking_event (org_id, seq, id, booking_id, booking_version, event_type,
           occurred_at, actor_kind, old_status, new_status, changed_fields, previous, booking)
         SELECT e.org_id, e.seq + n, gen_random_uuid(), e.booking_id, e.booking_version + n,
                'booking.updated', e.occurred_at, 'system', e.new_status, e.new_status, '{title}',
                '{"title": ""}', e.booking
           FROM booking_event e
           JOIN org_counter c ON c.org_id = e.org_id AND c.seq = e.seq
          CROSS JOIN generate_series(1, $2::int) n
          WHERE e.org_id = $1`,
      [orgId, count],
    );
    await tx.query("UPDATE org_counter SET seq = seq + $2::int WHERE org_id = $1", [orgId, count]);
  });
}
