import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { apiBooking, apiError, pagination } from "./api-shapes.ts";
import type { CalcomRow } from "./calcom-booking.ts";
import { CalcomNotFound, CalcomRefusal, type FakeCalcom } from "./fake-calcom.ts";

/** The key that the fake takes. */
export const fakeApiKey = "cal_live_key-of-the-fake";
const VERSION = "2024-08-13";
const MAX_TAKE = 250;

/** A request as the API got it. */
export interface ApiRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

/** What goes wrong at a request: null lets it through. */
export type Trouble = (request: ApiRequest) =>
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** Never answers. */
  | "silence"
  | null;

/** A real HTTP server that speaks API v2 of a Cal.com in memory. */
export interface FakeCalcomApi {
  /** Without the version. */
  readonly url: string;
  readonly requests: ApiRequest[];
  /** What goes wrong from now on; null ends it. */
  trouble: Trouble | null;
  /** Runs before each answer, once the request has been read: what happens at the same time. */
  before: ((request: ApiRequest) => unknown) | null;
  readonly close: () => Promise<void>;
}

/**
 * Serves what cal.com/docs/api-reference/v2 describes: a key and the version's header on every
 * call, lists by `take` and `skip` with `pagination`, errors as
 * `{ status: "error", error: { code, message } }`. Its clock, and with it the `Date` header, is
 * the Cal.com's.
 */
export async function startFakeCalcomApi(calcom: FakeCalcom): Promise<FakeCalcomApi> {
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    void answer(request, response);
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const api: FakeCalcomApi = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    trouble: null,
    before: null,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        for (const socket of sockets) socket.destroy();
      }),
  };
  return api;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const received = await readRequest(request);
    api.requests.push(received);
    await api.before?.(received);
    const trouble = api.trouble?.(received) ?? null;
    if (trouble === "silence") return;
    const { status, headers, body } = trouble ?? handle(calcom, received);
    const sent = { date: calcom.now().toUTCString(), "content-type": "application/json" };
    response.sendDate = false;
    response.writeHead(status, { ...sent, ...headers }).end(body ?? "");
  }
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

function handle(calcom: FakeCalcom, request: ApiRequest): Answer {
  const fail = (status: number, code: string, message: string): Answer => ({
    status,
    body: JSON.stringify(apiError(request.path, code, message)),
  });
  if (request.headers["authorization"] !== `Bearer ${fakeApiKey}`) {
    return fail(401, "UnauthorizedException", "Invalid API Key");
  }
  // Without the header an older version of the same paths answers, in another form.
  if (request.headers["cal-api-version"] !== VERSION) {
    return { status: 200, body: JSON.stringify({ status: "success", data: { bookings: [] } }) };
  }
  try {
    const { data, page } = route(calcom, request);
    const more = page === undefined ? {} : { pagination: page };
    return { status: 200, body: JSON.stringify({ status: "success", data, ...more }) };
  } catch (error) {
    if (error instanceof CalcomNotFound) return fail(404, "NotFoundException", error.message);
    if (error instanceof CalcomRefusal) return fail(400, "BadRequestException", error.message);
    throw error;
  }
}

interface Routed {
  readonly data: unknown;
  readonly page?: Record<string, unknown>;
}

function route(calcom: FakeCalcom, { method, path, body }: ApiRequest): Routed {
  const url = new URL(path, "http://fake");
  const match = /^\/v2\/bookings(?:\/([^/]+)(?:\/([a-z-]+))?)?$/.exec(url.pathname);
  const [, uid, verb] = match ?? [];
  if (match === null) throw new CalcomNotFound(`Cannot ${method} ${path}`);
  if (method === "GET" && uid === undefined) return list(calcom, url.searchParams);
  const id = decodeURIComponent(uid ?? "");
  if (method === "GET" && verb === undefined) return { data: get(calcom, id) };
  if (method === "POST" && verb !== undefined) {
    return { data: command(calcom, id, verb, body as Record<string, unknown>) };
  }
  throw new CalcomNotFound(`Cannot ${method} ${path}`);
}

/** `afterStart` and `beforeEnd` filter by start and end; without `status` all states are listed. */
function list(calcom: FakeCalcom, query: URLSearchParams): Routed {
  const take = Number(query.get("take") ?? 100);
  const skip = Number(query.get("skip") ?? 0);
  if (!(take >= 1 && take <= MAX_TAKE))
    throw new CalcomRefusal("take must not be greater than 250");
  const after = Date.parse(query.get("afterStart") ?? "1970-01-01");
  const before = Date.parse(query.get("beforeEnd") ?? "2100-01-01");
  const isCreatedOrder = query.get("sortCreated") === "asc";
  const found = calcom.rows
    .filter(({ start, end }) => Date.parse(start) >= after && Date.parse(end) <= before)
    .toSorted((a, b) =>
      isCreatedOrder ? a.createdAt.localeCompare(b.createdAt) : a.start.localeCompare(b.start),
    );
  return {
    data: found.slice(skip, skip + take).map((row) => shown(calcom, row)),
    page: pagination(skip, take, found.length),
  };
}

const shown = (calcom: FakeCalcom, row: CalcomRow): Record<string, unknown> =>
  apiBooking(row, calcom.successor(row.uid));

/** Under a series' uid all of its occurrences, by their starts. */
function get(calcom: FakeCalcom, uid: string): unknown {
  const series = calcom.series(uid);
  return series.length > 0
    ? series.map((row) => shown(calcom, row))
    : shown(calcom, calcom.find(uid));
}

function command(
  calcom: FakeCalcom,
  uid: string,
  verb: string,
  body: Record<string, unknown>,
): unknown {
  const text = (name: string): string | null =>
    typeof body[name] === "string" ? body[name] : null;
  const host = calcom.find(uid).host.email;
  switch (verb) {
    case "cancel": {
      allow(body, ["cancellationReason", "cancelSubsequentBookings", "seatUid"]);
      const seat = text("seatUid");
      if (seat !== null) return shown(calcom, calcom.cancelSeat(uid, seat));
      const reason = text("cancellationReason");
      if (reason === null) {
        throw new CalcomRefusal("Cancellation reason is required when you are the host");
      }
      if (body["cancelSubsequentBookings"] === true) {
        return calcom.cancelSubsequent(uid, reason).map((row) => shown(calcom, row));
      }
      return shown(calcom, calcom.cancel(uid, { reason, by: host }));
    }
    case "reschedule": {
      allow(body, ["start", "rescheduledBy", "reschedulingReason", "seatUid"]);
      const start = text("start");
      if (start === null || Number.isNaN(Date.parse(start))) {
        throw new CalcomRefusal("start must be a valid ISO 8601 date string");
      }
      if (Date.parse(start) < calcom.now().getTime()) {
        throw new CalcomRefusal("Attempting to book a meeting in the past.");
      }
      if (
        calcom.rows.some(
          (row) => row.status === "ACCEPTED" && row.start === start && row.uid !== uid,
        )
      ) {
        throw new CalcomRefusal("User either already has booking at this time or is not available");
      }
      return shown(calcom, calcom.reschedule(uid, start, text("rescheduledBy")));
    }
    case "confirm":
      return shown(calcom, calcom.confirm(uid));
    case "decline":
      allow(body, ["reason"]);
      return shown(calcom, calcom.decline(uid, text("reason")));
    case "mark-absent": {
      allow(body, ["host", "attendees"]);
      const marks = body["attendees"] as { email: string; absent: boolean }[];
      return shown(calcom, calcom.markAbsent(uid, marks));
    }
    default:
      throw new CalcomNotFound(`Cannot POST /v2/bookings/${uid}/${verb}`);
  }
}

/** The API refuses members that it does not know. */
function allow(body: Record<string, unknown>, names: readonly string[]): void {
  const other = Object.keys(body ?? {}).find((name) => !names.includes(name));
  if (other !== undefined) throw new CalcomRefusal(`property ${other} should not exist`);
}

async function readRequest(request: IncomingMessage): Promise<ApiRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  const { method = "", url = "", headers } = request;
  return { method, path: url, headers, body: text === "" ? null : JSON.parse(text) };
}
