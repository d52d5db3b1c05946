import type { FastifyReply, FastifyRequest } from "fastify";
import { loggableError } from "../db/loggable-error.ts";
import { SlotwireError } from "../errors.ts";
import type { App } from "./app.types.ts";
import { problemOf, PROBLEM_TYPE, slotwireErrorOf } from "./problem.ts";

/** Seconds after which a client may try again when the database cannot be reached. */
const RETRY_UNAVAILABLE = 5;

/** Answers every error with a problem document, and logs those that are the hub's own fault. */
export function answerErrors(app: App, publicUrl: string): void {
  const answer = (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const known = slotwireErrorOf(error);
    if (known.status >= 500)
      request.log.error({ code: known.code, err: loggable(known) }, "failed");
    const problem = problemOf(known, publicUrl, request.id);
    const wait = retryAfter(known);
    if (wait !== null) reply.header("retry-after", wait);
    if (known.code === "E_UNAUTHENTICATED") reply.header("www-authenticate", "Bearer");
    // A string is sent as it is: the schemas of the routes would cut off further members.
    return reply.code(problem.status).type(PROBLEM_TYPE).send(JSON.stringify(problem));
  };
  app.setErrorHandler(answer);
  app.setNotFoundHandler((request, reply) => answer(notFound(request), request, reply));
}

function notFound(request: FastifyRequest): SlotwireError {
  return new SlotwireError("E_NOT_FOUND", { detail: `There is no ${request.method} here.` });
}

function retryAfter(error: SlotwireError): number | null {
  if (error.code === "E_UNAVAILABLE") return RETRY_UNAVAILABLE;
  const seconds = error.details.extra?.["retry_after_seconds"];
  return typeof seconds === "number" ? seconds : null;
}

function loggable(error: SlotwireError): unknown {
  return loggableError(error.cause instanceof Error ? error.cause : error);
}
