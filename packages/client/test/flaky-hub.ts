import { randomInt, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { BookingEvent, StreamPage } from "@slotwire/contract";
import { type HubMember, makeFilter } from "./hub-filter.ts";

/** What the hub does with one connection of the stream; the default is to serve it well. */
export interface Behaviour {
  /** Answers the request instead of streaming. */
  readonly answer?: (response: ServerResponse) => void;
  /** Cuts the connection after about so many bytes, in the middle of whatever it is. */
  readonly cutAfter?: number;
  /** Leaves out the event with this seq. */
  readonly skip?: number;
  readonly organisationId?: string;
  /** As whom it answers. */
  readonly reader?: string;
  /** Sent after the events. */
  readonly afterwards?: string;
  /** Sends nothing at all after the head. */
  readonly silent?: boolean;
  /** Sends nothing more after the first bytes. */
  readonly dumb?: boolean;
}

/** What it does with one page. */
export interface PageBehaviour {
  /** Answers the request instead. */
  readonly answer?: (response: ServerResponse) => void;
  /** Reads the log only when this is over. */
  readonly before?: () => Promise<unknown>;
  /** Answers, with what it has read, only when this is over. */
  readonly after?: () => Promise<unknown>;
  /** Those of the stream that is asked for next, unless given. */
  readonly organisationId?: string;
  readonly reader?: string;
}

/** A hub's stream on loopback that breaks in every way that is asked of it. */
export interface FlakyHub {
  readonly baseUrl: string;
  readonly log: BookingEvent[];
  /** One per connection, in order; the last one stays. */
  behaviours: Behaviour[];
  /** One per page, in order; the last one stays. */
  pageBehaviours: PageBehaviour[];
  /** Those whom user and provider of a filter stand for; the first one is `me`. */
  members: readonly HubMember[];
  /** Its reader is not shown addresses. */
  isMasked: boolean;
  /** How many events one page has at most. */
  pageSize: number;
  /** The `after` of each connection; null when it had none. */
  readonly positions: (string | null)[];
  /** The queries of all pages, but for those that only ask where the log ends. */
  readonly pages: Readonly<Record<string, string>>[];
  /** How it answers who only asks where the log ends. */
  questionBehaviour: PageBehaviour;
  /** How often it was asked that. */
  questions: number;
  readonly tokens: (string | undefined)[];
  /** What it does with whoever shows this token, whatever else it would do. */
  byToken: (token: string | undefined) => Behaviour & PageBehaviour;
  /** The tickets of all requests. */
  readonly tickets: (string | null)[];
  readonly openConnections: () => number;
  /** Cuts all of them. */
  drop(): void;
  /** Appends events and sends them to all who are connected. */
  append(count: number): void;
  /** Appends one that differs from the usual ones. */
  add(event: Partial<BookingEvent>): void;
  close(): Promise<void>;
}

interface Reader {
  readonly send: (frame: string) => void;
  readonly wants: (event: BookingEvent) => boolean;
}

export async function openFlakyHub(): Promise<FlakyHub> {
  const log: BookingEvent[] = [];
  const open = new Map<ServerResponse, Reader>();
  const waiting = new Set<() => void>();
  const hub = {
    log,
    behaviours: [{}] as Behaviour[],
    pageBehaviours: [{}] as PageBehaviour[],
    members: [] as readonly HubMember[],
    isMasked: false,
    pageSize: 500,
    positions: [] as (string | null)[],
    pages: [] as Readonly<Record<string, string>>[],
    questionBehaviour: {} as PageBehaviour,
    questions: 0,
    tokens: [] as (string | undefined)[],
    byToken: (_token: string | undefined): Behaviour & PageBehaviour => ({}),
    tickets: [] as (string | null)[],
    openConnections: () => open.size,
    drop() {
      for (const response of open.keys()) response.destroy();
    },
    append(count: number) {
      for (let left = count; left > 0; left -= 1) hub.add({});
    },
    add(change: Partial<BookingEvent>) {
      const event = { ...makeEvent(log.length + 1), ...change };
      log.push(event);
      for (const { send, wants } of open.values()) if (wants(event)) send(frameOf(hub, event));
      for (const look of waiting) look();
    },
  };
  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    const { searchParams: query } = new URL(request.url ?? "/", "http://hub");
    const { authorization } = request.headers;
    hub.tokens.push(authorization);
    const ofToken = hub.byToken(authorization?.replace("Bearer ", ""));
    hub.tickets.push(query.get("ticket"));
    if (request.headers.accept === "application/json") {
      void answerPage(query, response, ofToken);
      return;
    }
    const after = query.get("after");
    hub.positions.push(after);
    const behaviour = { ...next(hub.behaviours), ...ofToken };
    if (behaviour.answer !== undefined) return behaviour.answer(response);
    response.writeHead(200, {
      "content-type": "text/event-stream",
      ...whoseHeaders(behaviour),
    });
    response.flushHeaders();
    response.on("close", () => open.delete(response));
    if (behaviour.silent === true) return;
    const send = sender(response, behaviour);
    const wants = makeFilter(query, hub.members);
    const position = after === null ? log.length : Number(after);
    send(`: open\nretry: 1000\n${after === null ? `id: ${position}\n` : ""}\n`);
    if (behaviour.dumb === true) return;
    open.set(response, { send, wants });
    for (const event of log.slice(position)) {
      if (event.seq !== behaviour.skip && wants(event)) send(frameOf(hub, event));
    }
    if (behaviour.afterwards !== undefined) send(behaviour.afterwards);
  };

  /** As the contract says: what an open stream would have sent by now. */
  const answerPage = async (
    query: URLSearchParams,
    response: ServerResponse,
    ofToken: PageBehaviour,
  ): Promise<void> => {
    const isQuestion = [...query].every(
      ([name, value]) => name === "wait" || (name === "recent" && value === "0"),
    );
    if (isQuestion) hub.questions += 1;
    else hub.pages.push(Object.fromEntries(query));
    const behaviour = {
      ...whoseOf(hub.behaviours[0]),
      ...(isQuestion ? hub.questionBehaviour : next(hub.pageBehaviours)),
      ...ofToken,
    };
    await behaviour.before?.();
    if (behaviour.answer !== undefined) return behaviour.answer(response);
    const page = makePage(hub, query);
    const wait = Number(query.get("wait") ?? 0);
    if (page.data.length === 0 && wait > 0) {
      await untilNews(query, response, wait);
      Object.assign(page, makePage(hub, query));
    }
    await behaviour.after?.();
    response
      .writeHead(200, { "content-type": "application/json", ...whoseHeaders(behaviour) })
      .end(JSON.stringify(page));
  };
  const untilNews = (query: URLSearchParams, response: ServerResponse, wait: number) =>
    new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        waiting.delete(look);
        resolve();
      };
      const look = (): void => void (makePage(hub, query).data.length > 0 && done());
      const timer = setTimeout(done, wait * 1000);
      waiting.add(look);
      response.on("close", done);
    });

  const server = createServer(serve);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return Object.assign(hub, {
    baseUrl: `http://127.0.0.1:${port}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  });
}

type Log = Pick<FlakyHub, "log" | "members" | "isMasked" | "pageSize">;

function makePage(hub: Log, query: URLSearchParams): StreamPage {
  const { log } = hub;
  const after = query.get("after");
  const newest = log.length;
  const isAhead = after !== null && Number(after) > newest;
  const wanted = log.filter(makeFilter(query, hub.members));
  const recent = Number(query.get("recent") ?? 0);
  const rest =
    after === null
      ? wanted.slice(wanted.length - Math.min(recent, wanted.length))
      : wanted.filter(({ seq }) => seq > Number(after));
  const data = after === null ? rest : rest.slice(0, hub.pageSize);
  const more = data.length < rest.length;
  const emails = [query.get("user_id"), query.get("provider")].flatMap((name) =>
    name === null ? [] : emailsOf(hub.members, name),
  );
  const isPersonal = query.has("user_id") || query.has("provider");
  const user = query.get("user_id");
  return {
    data: data.map((event) => shown(hub, event)),
    position: more ? (data.at(-1)?.seq ?? 0) : newest,
    more,
    gap: isAhead ? { oldest: 1, newest } : null,
    provider_emails: hub.isMasked || !isPersonal ? null : emails,
    user_id: hub.isMasked ? null : user === "me" ? (hub.members[0]?.id ?? null) : user,
  };
}

function emailsOf(members: readonly HubMember[], name: string): string[] {
  if (name.includes("@")) return [name.toLowerCase()];
  const member = name === "me" ? members[0] : members.find(({ id }) => id === name);
  return member === undefined ? [] : [member.email];
}

/** The first of them, which goes unless it is the last one. */
function next<Each>(list: Each[]): Each {
  const [first] = list.length > 1 ? list.splice(0, 1) : list;
  if (first === undefined) throw new Error("There has to be one behaviour at least.");
  return first;
}

const whoseOf = ({ organisationId, reader }: Behaviour = {}): PageBehaviour => ({
  ...(organisationId !== undefined && { organisationId }),
  ...(reader !== undefined && { reader }),
});

const whoseHeaders = ({ organisationId, reader }: PageBehaviour) => ({
  ...(organisationId !== undefined && { "slotwire-organisation": organisationId }),
  ...(reader !== undefined && { "slotwire-reader": reader }),
});

/** Writes in pieces that respect nothing, and cuts the connection when its time has come. */
function sender(response: ServerResponse, { cutAfter = Infinity }: Behaviour) {
  let written = 0;
  return (frame: string): void => {
    const bytes = Buffer.from(frame);
    let start = 0;
    while (start < bytes.length && written < cutAfter) {
      const end = Math.min(start + randomInt(1, 200), bytes.length, start + cutAfter - written);
      response.write(bytes.subarray(start, end));
      written += end - start;
      start = end;
    }
    if (written >= cutAfter) response.socket?.end(() => response.destroy());
  };
}

const frameOf = (hub: Log, event: BookingEvent): string =>
  `id: ${event.seq}\ndata: ${JSON.stringify(shown(hub, event))}\n\n`;

/** Who is shown no addresses is sent the booking without them. */
function shown({ isMasked }: Log, event: BookingEvent): BookingEvent {
  const { booking } = event.data;
  if (!isMasked || booking?.provider == null) return event;
  const provider = { ...booking.provider, email: "•••" };
  return { ...event, data: { booking: { ...booking, provider } } };
}

/** An event with letters of several bytes, which chunks will split. */
export function makeEvent(seq: number): BookingEvent {
  return {
    id: randomUUID(),
    seq,
    type: "booking.updated",
    event_type: "updated",
    occurred_at: "2026-03-10T10:00:00.000Z",
    recorded_at: "2026-03-10T10:00:00.000Z",
    booking_id: randomUUID(),
    booking_version: 1,
    booking_number: 1000 + seq,
    old_status: "confirmed",
    new_status: "confirmed",
    changed_fields: ["title"],
    description: `Žofia’s 🐕 visit ${seq}`,
    irregular: false,
    actor: { kind: "system", id: null, name: null },
    source: { connection_id: null, kind: null },
    data: {},
  };
}
