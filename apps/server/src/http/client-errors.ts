import type { Socket } from "node:net";
import { randomUUID } from "node:crypto";
import { SlotwireError, type ErrorCode } from "../errors.ts";
import { dataHeaders } from "./security-headers.ts";
import { problemOf, PROBLEM_TYPE } from "./problem.ts";

/** Node's codes for requests that never became one. */
const codes: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: "E_HEADERS",
  ERR_HTTP_REQUEST_TIMEOUT: "E_TIMEOUT",
};

/** Answers bytes on a connection that are no HTTP request, and closes it. */
export function answerClientErrors(publicUrl: string) {
  return (error: Error & { code?: string }, socket: Socket): void => {
    if (error.code === "ECONNRESET" || socket.destroyed || !socket.writable) {
      socket.destroy();
      return;
    }
    const known = new SlotwireError(codes[error.code ?? ""] ?? "E_BAD_REQUEST");
    const problem = problemOf(known, publicUrl, randomUUID());
    const body = JSON.stringify(problem);
    socket.end(
      [
        `HTTP/1.1 ${problem.status} ${problem.title}`,
        `Content-Type: ${PROBLEM_TYPE}`,
        `Content-Length: ${Buffer.byteLength(body)}`,
        ...Object.entries(dataHeaders(publicUrl)).map(([name, value]) => `${name}: ${value}`),
        "Connection: close",
        "",
        body,
      ].join("\r\n"),
      () => socket.destroy(),
    );
  };
}
