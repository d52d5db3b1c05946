import type { Logger } from "pino";
import type { Connector, Interpretation, InterpretContext } from "../connectors/connector.ts";
import { parseBody } from "./parse-body.ts";

/**
 * What a connector makes of a raw body. Never throws: what goes wrong in the connector itself is
 * a message that failed, kept until the connector is mended.
 */
export function understandMessage(
  connector: Connector,
  body: Buffer,
  context: InterpretContext,
  log: Logger,
): Interpretation {
  const parsed = parseBody(body);
  if (!parsed.ok) {
    return { outcome: "failed", trigger: null, code: parsed.code, reason: parsed.reason };
  }
  try {
    return connector.interpret(parsed.value, context);
  } catch (error) {
    log.error({ err: error, kind: connector.kind }, "a connector broke over a message");
    const reason = "the connector broke over this message";
    return { outcome: "failed", trigger: null, code: "E_INTERNAL", reason };
  }
}
