import { connect } from "node:net";
import { oneOf, type Random } from "../../src/demo/seeded-random.ts";

/** A message that is proven, and is about to be sent in a way that clients do not. */
export interface Sendable {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Odd media types; the proof decides, and not they. */
export const mediaTypes = [
  "application/json",
  "application/json; charset=utf-16",
  "APPLICATION/JSON",
  "text/plain",
  "multipart/form-data; boundary=x",
  "application/x-www-form-urlencoded",
  "application/octet-stream",
  "application/",
  "*/*",
  ";",
  "json",
  "__proto__/constructor",
];

/** Ways to write a request; some are no HTTP at all. */
const ways: readonly ((message: Sendable) => (string | Buffer)[])[] = [
  (one) => [head(one, length(one)), one.body],
  (one) => [head(one, ["Transfer-Encoding: chunked"]), ...chunks(one.body), "0\r\n\r\n"],
  (one) => [head(one, ["Transfer-Encoding: chunked"]), ...chunks(one.body), "0\r\nX-A: b\r\n\r\n"],
  (one) => [head(one, ["Transfer-Encoding: chunked"]), "zz\r\n", one.body],
  (one) => [head(one, ["Transfer-Encoding: chunked"]), "-5\r\nabcde\r\n0\r\n\r\n"],
  (one) => [head(one, ["Transfer-Encoding: chunked"]), "FFFFFFFFFFFFFFFFF\r\nabc\r\n"],
  (one) => [head(one, ["Transfer-Encoding: chunked", ...length(one)]), one.body],
  (one) => [head(one, ["Transfer-Encoding: gzip, identity"]), one.body],
  (one) => [head(one, [...length(one), "Content-Encoding: gzip"]), one.body],
  (one) => [head(one, [...length(one), "Content-Length: 1"]), one.body],
  (one) => [head(one, ["Content-Length: -1"]), one.body],
  (one) => [head(one, ["Content-Length: 1e3"]), one.body],
  (one) => [head(one, ["Content-Length: 99999999999999"]), one.body],
  (one) => [head(one, [...length(one), "Expect: 100-continue"]), one.body],
  (one) => [head(one, [...length(one), "Expect: the worst"]), one.body],
  (one) => [head(one, [...length(one), `X-Long: ${"x".repeat(20_000)}`]), one.body],
  (one) => [head(one, [...length(one), ...Array.from({ length: 300 }, (_, at) => `X-${at}: 1`)])],
  (one) => [head(one, [...length(one), "X-Odd: a\0b"]), one.body],
  (one) => [head(one, [...length(one), "X-Odd\u0001: a"]), one.body],
  (one) => [head(one, [...length(one), "no header"]), one.body],
  (one) => [head(one, [...length(one), "X-Forwarded-For: 'not, an address"]), one.body],
  (one) => [head(one, [...length(one), "Cookie: a=b; =; __proto__=1; \u00e9"]), one.body],
  (one) => [head(one, length(one)).replace("HTTP/1.1", "HTTP/9.9"), one.body],
  (one) => [head(one, length(one)).replace("HTTP/1.1", "HTTP/1.0"), one.body],
  (one) => [head(one, length(one)).replace("Host:", "Toast:"), one.body],
  (one) => [head(one, length(one)).replaceAll("\r\n", "\n"), one.body],
  (one) => [head(one, length(one)).replace(" HTTP/", "%zz HTTP/"), one.body],
  (one) => [head(one, length(one)).replace(" HTTP/", "/%00 HTTP/"), one.body],
  (one) => [head(one, length(one)).replace(" HTTP/", "?token=a&token=b HTTP/"), one.body],
  (one) => [head(one, length(one)).replace(" HTTP/", `/${"x".repeat(3_000)} HTTP/`), one.body],
  (one) => [head(one, length(one)).replace("POST /", "POST //"), one.body],
  (one) => [head(one, length(one)).replace("POST /", "POST http://other.example/"), one.body],
  (one) => [head(one, length(one)).replace("POST", "PROPFIND"), one.body],
  (one) => [head(one, length(one)).replace("POST", "GET"), one.body],
  (one) => [head(one, length(one)), one.body, head(one, length(one)), one.body],
  (one) => [head(one, length(one)), one.body.subarray(0, one.body.length >> 1)],
  (one) => [one.body],
];

function head({ url, headers }: Sendable, more: readonly string[]): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const first = `POST ${url.pathname}${url.search} HTTP/1.1`;
  return `${[first, `Host: ${url.host}`, ...lines, ...more].join("\r\n")}\r\n\r\n`;
}

function length({ body }: Sendable): string[] {
  return [`Content-Length: ${body.length}`];
}

function chunks(body: Buffer): (string | Buffer)[] {
  const middle = body.length >> 1;
  return [body.subarray(0, middle), body.subarray(middle)]
    .filter((part) => part.length > 0)
    .flatMap((part) => [`${part.length.toString(16)}\r\n`, part, "\r\n"]);
}

/**
 * Sends a message in an odd way, and closes its own side.
 * @returns the status of the first answer; null when the connection was closed without one
 */
export function sendBroken(random: Random, message: Sendable): Promise<number | null> {
  const parts = (oneOf(random, ways) ?? (() => []))(message);
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(Number(message.url.port), message.url.hostname, () => {
      for (const part of parts) socket.write(part);
      socket.end();
    });
    socket.setEncoding("latin1").setTimeout(30_000, () => {
      socket.destroy(new Error(`no answer within 30 s to ${String(parts[0]).slice(0, 500)}`));
    });
    socket.on("data", (text: string) => void (answer += answer.length < 1_000 ? text : ""));
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ECONNRESET" || error.code === "EPIPE") return;
      reject(error);
    });
    socket.on("close", () => {
      const status = /^HTTP\/1\.1 (\d{3})/.exec(answer.replace(/^HTTP\/1\.1 100[^]*?\r\n\r\n/, ""));
      resolve(status === null ? null : Number(status[1]));
    });
  });
}
