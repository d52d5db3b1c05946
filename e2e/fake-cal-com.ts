import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type CalcomBody, calcomFixture } from "../apps/server/src/connectors/calcom/fixtures.ts";
import { testDay } from "./dashboard-hub.ts";

/** What one of the fake's booking pages was opened with. */
export interface OpenedForm {
  readonly path: string;
  /** The namespace of the embed; null for the page itself. */
  readonly embed: string | null;
  readonly config: Readonly<Record<string, string>>;
}

/**
 * As much of Cal.com as an application sees that embeds it, on loopback: the embed's script with its
 * documented instructions and messages, and booking pages that send a webhook for each booking.
 * https://cal.com/help/embedding/embed-instructions, …/embed-events, …/prefill-booking-form-embed
 */
export interface FakeCalCom {
  readonly origin: string;
  readonly forms: OpenedForm[];
  /** The uids of the bookings that were made, in order. */
  readonly booked: string[];
  /** How often the script was fetched. */
  scripts: number;
  /** `cut` keeps the script from the page, `stall` its booking pages, `fail` says they are gone. */
  trouble: "cut" | "stall" | "fail" | null;
  readonly close: () => Promise<void>;
}

/** @param send posts a webhook, signed */
export async function startFakeCalCom(
  send: (body: CalcomBody) => Promise<string>,
): Promise<FakeCalCom> {
  const server = createServer((request, response) => void serve(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const fake: FakeCalCom = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    forms: [],
    booked: [],
    scripts: 0,
    trouble: null,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "/", fake.origin);
    const { embed = null, ...config } = Object.fromEntries(searchParams);
    if (pathname === "/embed/embed.js") {
      fake.scripts += 1;
      if (fake.trouble === "cut") response.destroy();
      else response.setHeader("content-type", "text/javascript").end(`(${embedScript})()`);
    } else if (pathname === "/favicon.ico") {
      response.writeHead(404).end();
    } else if (request.method === "POST") {
      const uid = `embedded-${fake.booked.length + 1}`;
      fake.booked.push(uid);
      const payload = payloadOf(uid, config);
      await send(calcomFixture("booking_created", payload));
      response.setHeader("content-type", "application/json").end(JSON.stringify(payload));
    } else {
      fake.forms.push({ path: pathname, embed, config });
      if (fake.trouble === "stall") return;
      const page = bookingPage({ embed, fails: fake.trouble === "fail", name: config["name"] });
      response.setHeader("content-type", "text/html; charset=utf-8").end(page);
    }
  }
  return fake;
}

/** What Cal.com stores of a form: the metadata by its keys, the answers as responses. */
function payloadOf(uid: string, config: Record<string, string>): Record<string, unknown> {
  const metadata = Object.entries(config).flatMap(([key, value]) => {
    const [, name] = /^metadata\[(.+)\]$/.exec(key) ?? [];
    return name === undefined ? [] : [[name, value]];
  });
  const { name = "", email = "", notes = "" } = config;
  return {
    uid,
    iCalUID: `${uid}@Cal.com`,
    title: `Grooming between Mette Holm and ${name}`,
    startTime: `${testDay}T14:00:00.000Z`,
    endTime: `${testDay}T15:00:00.000Z`,
    attendees: [{ name, email, timeZone: "Europe/Copenhagen" }],
    responses: { name: { value: name }, email: { value: email }, notes: { value: notes } },
    description: notes,
    additionalNotes: notes,
    metadata: Object.fromEntries(metadata) as Record<string, string>,
  };
}

function bookingPage(form: { embed: string | null; fails: boolean; name: string | undefined }) {
  const name = form.name?.replaceAll(/[<>&"]/g, "") ?? "";
  return `<!doctype html><html lang="en"><head><title>Grooming</title></head><body>
<main><h1>Grooming</h1><label>Your name <input value="${name}"></label>
<button>Confirm</button></main>
<script>(${formScript})(${JSON.stringify(form)})</script></body></html>`;
}

/** Runs in the booking page: messages to the page around it are `CAL:<namespace>:<event>`. */
const formScript = `function ({ embed, fails }) {
  const tell = (type, data) => embed !== null && parent.postMessage(
    { originator: "CAL", type, namespace: embed, fullType: "CAL:" + embed + ":" + type, data }, "*");
  if (fails) return tell("linkFailed", { code: "404", msg: "gone", data: { url: location.href } });
  tell("linkReady", {});
  document.querySelector("button").onclick = async () => {
    const answer = await fetch(location.href, { method: "POST" });
    const { uid, title, startTime, endTime } = await answer.json();
    const booking = { uid, title, startTime, endTime, status: "ACCEPTED" };
    tell("bookingSuccessful", { booking, eventType: {}, date: startTime, confirmed: true });
    tell("bookingSuccessfulV2", { ...booking, paymentRequired: false, isRecurring: false });
    document.querySelector("h1").textContent = "This meeting is scheduled";
  };
}`;

/** Runs in the page that embeds: it takes over the queues that it finds under \`Cal\`. */
const embedScript = `function () {
  if (!window.Cal?.q) throw new Error("Cal is not defined");
  if (window.Cal.instance) throw new Error("the script ran twice");
  const instances = {};
  function take(namespace, api) {
    if (api.instance) return;
    const listeners = [];
    let origin, inline;
    const instructions = {
      init: (name, config) => { origin = config.origin; },
      initNamespace: (name) => take(name, window.Cal.ns[name]),
      on: (listener) => listeners.push(listener),
      off: ({ action, callback }) => {
        const at = listeners.findIndex((each) => each.action === action && each.callback === callback);
        if (at === -1) throw new Error("no such listener: " + action);
        listeners.splice(at, 1);
      },
      inline: ({ elementOrSelector, calLink, config }) => {
        if (inline?.isConnected) return console.warn("Inline embed already exists");
        const url = new URL(origin + "/" + calLink);
        url.pathname += "/embed";
        url.searchParams.set("embed", namespace);
        for (const [key, value] of Object.entries(config)) url.searchParams.append(key, value);
        inline = document.createElement("cal-inline");
        const frame = inline.appendChild(document.createElement("iframe"));
        frame.src = url.href;
        frame.title = "Book a call";
        frame.style.width = "100%";
        elementOrSelector.append(inline);
      },
    };
    const run = ([method, ...rest]) => instructions[method](...rest);
    api.instance = instances[namespace] = {
      fire: (type, data) => listeners
        .filter(({ action }) => action === type)
        .forEach(({ callback }) => callback(new CustomEvent(type, { detail: { type, namespace, data } }))),
    };
    api.q.splice(0).forEach(run);
    api.q.push = run;
  }
  take("", window.Cal);
  for (const [name, api] of Object.entries(window.Cal.ns)) take(name, api);
  addEventListener("message", ({ data }) => {
    const [, namespace, type] = /^CAL:([^:]*):(.*)$/.exec(data?.fullType ?? "") ?? [];
    if (type !== undefined) instances[namespace].fire(type, data.data);
  });
}`;
