import type { Logger } from "pino";
import type { Connector, Interpretation, RawMessage } from "../connectors/connector.ts";
import { capSourceTime } from "./cap-source-time.ts";
import type { SourceConnection } from "./connections/source-connection.ts";
import { parseBody } from "./parse-body.ts";

/**
 * What a connector makes of a message. Never throws: what goes wrong in the connector itself is
 * a message that failed, kept until the connector is mended.
 */
export function understandMessage(
  connector: Connector,
  { timeZone, settings }: Pick<SourceConnection, "timeZone" | "settings">,
  { body, headers, receivedAt }: RawMessage,
  log: Logger,
): Interpretation {
  const parsed = parseBody(body, connector.bodyFormat);
  if (!parsed.ok) {
    return { outcome: "failed", trigger: null, code: parsed.code, reason: parsed.reason };
  }
  const kept = connector.keptHeaders.map((name) => [name, headers[name]] as const);
  // What was stored before a setting existed takes its default.
  const read = connector.settings?.safeParse(settings);
  const context = {
    receivedAt,
    timeZone,
    settings: read?.data ?? {},
    headers: Object.fromEntries(kept),
  };
  try {
    return capSourceTime(connector.interpret(parsed.value, context), receivedAt);
  } catch (error) {
    log.error({ err: error, kind: connector.kind }, "a connector broke over a message");
    const reason = "the connector broke over this message";
    return { outcome: "failed", trigger: null, code: "E_INTERNAL", reason };
  }
}
