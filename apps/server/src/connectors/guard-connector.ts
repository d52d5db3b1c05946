import { SlotwireError } from "../errors.ts";
import type { Connector, ConnectorApi, MappingReader, SourceApi } from "./connector.ts";
import { SourceApiError } from "./source-api-error.ts";

/** A connector broke. Its own words may repeat what a source sent, so only where it broke is told. */
class ConnectorFault extends Error {
  constructor(kind: string, error: unknown) {
    super(`the connector ${kind} broke`);
    this.name = "ConnectorFault";
    this.stack = [`${this.name}: ${this.message}`, ...framesOf(error)].join("\n");
  }
}

/**
 * The same connector, from which no error comes but a `SlotwireError`, a `SourceApiError`, whose
 * words are made for people, and a `ConnectorFault`. What a connector did not mean to throw ends in
 * the log, and in the log there is nothing that a source sent.
 */
export function guardConnector(connector: Connector): Connector {
  const { kind, api, mapping } = connector;
  const guard: Guard = (call) => guarded(kind, call);
  return {
    ...connector,
    verify: (...args) => guard(() => connector.verify(...args)),
    interpret: (...args) => guard(() => connector.interpret(...args)),
    ...(api === undefined ? {} : { api: guardApi(api, guard) }),
    ...(mapping === undefined ? {} : { mapping: guardMapping(mapping, guard) }),
  };
}

type Guard = <Result>(call: () => Result) => Result;

function guarded<Result>(kind: string, call: () => Result): Result {
  const tell = (error: unknown): never => {
    const isMeant = error instanceof SlotwireError || error instanceof SourceApiError;
    throw isMeant ? error : new ConnectorFault(kind, error);
  };
  try {
    const result = call();
    return result instanceof Promise ? (result.catch(tell) as Result) : result;
  } catch (error) {
    return tell(error);
  }
}

function guardApi(api: ConnectorApi, guard: Guard): ConnectorApi {
  return {
    ...api,
    open: (access) =>
      guardSource(
        guard(() => api.open(access)),
        guard,
      ),
  };
}

function guardSource(source: SourceApi, guard: Guard): SourceApi {
  return {
    getBooking: (id) => guard(() => source.getBooking(id)),
    ...(source.listBookings && {
      listBookings: (...args) => guard(() => source.listBookings?.(...args) ?? absent()),
    }),
    ...(source.getSeries && {
      getSeries: (ref) => guard(() => source.getSeries?.(ref) ?? absent()),
    }),
    ...(source.execute && {
      execute: (command) => guard(() => source.execute?.(command) ?? absent()),
    }),
  };
}

function absent(): never {
  throw new Error("the source's API has lost a method");
}

function guardMapping(mapping: MappingReader, guard: Guard): MappingReader {
  return {
    explain: (...args) => guard(() => mapping.explain(...args)),
    suggest: (bodies) => guard(() => mapping.suggest(bodies)),
    fieldsOf: (body) => guard(() => mapping.fieldsOf(body)),
  };
}

/** The lines of a stack that name files: what stands before them are the error's words. */
function framesOf(error: unknown): string[] {
  if (!(error instanceof Error) || typeof error.stack !== "string") return [];
  const lines = error.stack.split("\n");
  const words = lines.findLastIndex((line) => !frame.test(line));
  return lines.slice(words + 1);
}

/** `    at read (file:///…/interpret.ts:12:7)`: a line of a file ends it, as words seldom do. */
const frame = /^ {4}at .*(:\d+:\d+\)?|<anonymous>\)?)$/;
