import { STATUS_CODES } from "node:http";
import type { Problem } from "@slotwire/contract";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { sqlStateOf } from "../db/sql-state.ts";
import { errorTable, SlotwireError, type ErrorCode } from "../errors.ts";

/** Media type of a problem document (RFC 9457 §3). */
export const PROBLEM_TYPE = "application/problem+json";

/** Fastify's own errors that have a code of ours; its other 4xx errors are E_BAD_REQUEST. */
const fastifyCodes: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: "E_TOO_LARGE",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "E_MEDIA_TYPE",
  FST_ERR_CTP_EMPTY_JSON_BODY: "E_JSON",
  FST_ERR_CTP_INVALID_JSON_BODY: "E_JSON",
  FST_ERR_NOT_FOUND: "E_NOT_FOUND",
};

/** SQLSTATE classes and codes of a database that cannot be reached or is stopping. */
const unavailableStates = /^(08|53|57P0[1-5])/;
const unavailableCodes = new Set(["ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "ETIMEDOUT", "EPIPE"]);
/** What the PostgreSQL driver says, without a code, when it has no connection to give. */
const unavailableMessages = /connection terminated|timeout exceeded when trying to connect/i;

/** Node's code for a lost connection: the client's, where Fastify has given the error a 4xx status. */
const HUNG_UP = "ECONNRESET";

/** Turns whatever was thrown into an error of the table. What it does not know is E_INTERNAL. */
export function slotwireErrorOf(error: unknown): SlotwireError {
  if (error instanceof SlotwireError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) return validationError(error);
  const code = codeOf(error);
  const known = code === null ? undefined : fastifyCodes[code];
  if (known !== undefined) return new SlotwireError(known, { cause: error });
  if (code === HUNG_UP && isClientError(error)) {
    const detail = "The connection was closed before all of the request had come.";
    return new SlotwireError("E_BAD_REQUEST", { detail, cause: error });
  }
  if (isUnavailable(error, code)) return new SlotwireError("E_UNAVAILABLE", { cause: error });
  if (code?.startsWith("FST_") === true && isClientError(error)) {
    return new SlotwireError("E_BAD_REQUEST", { detail: error.message, cause: error });
  }
  return new SlotwireError("E_INTERNAL", { cause: error });
}

interface InvalidInput {
  readonly validation: readonly { readonly instancePath: string; readonly message?: string }[];
  readonly validationContext?: string | undefined;
}

function validationError({ validation, validationContext = "body" }: InvalidInput): SlotwireError {
  const root = validationContext === "querystring" ? "query" : validationContext;
  const errors = validation.map(({ instancePath, message = "Is not valid." }) => ({
    path: [root, ...instancePath.split("/").filter(Boolean)].join("."),
    message,
  }));
  return new SlotwireError("E_VALIDATION", { errors });
}

function codeOf(error: unknown): string | null {
  if (typeof error !== "object" || error === null || !("code" in error)) return null;
  return typeof error.code === "string" ? error.code : null;
}

function isClientError(error: unknown): error is Error {
  return (
    error instanceof Error &&
    "statusCode" in error &&
    typeof error.statusCode === "number" &&
    error.statusCode >= 400 &&
    error.statusCode < 500
  );
}

function isUnavailable(error: unknown, code: string | null): boolean {
  const state = sqlStateOf(error);
  if (state !== null && unavailableStates.test(state)) return true;
  if (code !== null && unavailableCodes.has(code)) return true;
  return error instanceof Error && unavailableMessages.test(error.message);
}

/**
 * The document that tells a client about an error. An internal error's own words stay in the log.
 * @param publicUrl where the error's code is explained: the API's page
 */
export function problemOf(error: SlotwireError, publicUrl: string, requestId: string): Problem {
  const [status, title] = errorTable[error.code];
  const { detail, errors, extra } = error.details;
  return {
    ...extra,
    type: `${publicUrl}/api/v1/docs#${error.code}`,
    title: title || (STATUS_CODES[status] ?? ""),
    status,
    ...(detail === undefined || error.code === "E_INTERNAL" ? {} : { detail }),
    code: error.code,
    remedy: error.remedy,
    request_id: requestId,
    ...(errors === undefined ? {} : { errors: [...errors] }),
  };
}
