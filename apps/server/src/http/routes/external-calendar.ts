import { webhookReceiptSchema } from "@slotwire/contract";
import type { FastifyReply, FastifyRequest } from "fastify";
import { SlotwireError } from "../../errors.ts";
import type { ConnectionAddress } from "../../inbox/connections/connection-directory.ts";
import { receiveMessage } from "../../inbox/receive-message.ts";
import type { App, Hub } from "../app.types.ts";
import { doorOf } from "../door-of.ts";
import { openDoors } from "../open-doors.ts";
import { messageOf, takeRawBodies } from "../raw-bodies.ts";

/** The kind of connection that answers here. */
const kind = "external_calendar";

const schema = {
  tags: ["webhooks"],
  security: [],
  description:
    'By the connection\'s secret as a bearer token. `{ "booking_id", "status": "CONFIRMED" | "CANCELLED" | …, "timestamp", "reason" }` asks for a change of a booking of the hub\'s own; of one that another system owns it is refused in words (`"action": "refused"`), and nothing changes. `{ "booking_id", "action": "applied" }` says that a change was taken over, `"failed"` that it could not be, which raises an alert. Everything is kept in the inbox: 202 when it was not understood.',
  response: { 200: webhookReceiptSchema, 202: webhookReceiptSchema },
};

/** Where the external calendar answers: what its planners changed, and what it took over. */
export function externalCalendarRoutes(app: App, hub: Hub): void {
  takeRawBodies(app);

  openDoors(app, hub, {
    kind,
    path: "/api/external-calendar/callback",
    schema,
    summaries: [
      "An answer of the default organisation's external calendar",
      "An answer of the external calendar behind one connection",
    ],
    receive: (request, reply, connection) => receive(hub, request, reply, connection),
  });
}

async function receive(
  hub: Hub,
  request: FastifyRequest,
  reply: FastifyReply,
  connection: ConnectionAddress,
): Promise<FastifyReply> {
  const message = messageOf(request, hub, null);
  try {
    const address = { kind, connection, sender: request.ip };
    const { isUnderstood, receipt } = await receiveMessage(hub, doorOf(hub), address, message);
    return await reply.code(isUnderstood ? 200 : 202).send(receipt);
  } catch (error) {
    if (error instanceof SlotwireError && error.status < 500) {
      const about = { code: error.code, kind, bytes: message.body.length };
      request.log.warn(about, "a message was refused");
    }
    throw error;
  }
}
