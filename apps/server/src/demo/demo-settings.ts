import type { Config } from "../config.ts";

/** The receiver of the demo listens here, and nowhere else. */
export const LOOPBACK = "127.0.0.1";

/** The settings with what the demo needs: its receiver is on this machine. */
export function withDemoSettings(config: Config): Config {
  const { demo, allowPrivateDestinations: allowed } = config;
  if (!demo || allowed === true) return config;
  return { ...config, allowPrivateDestinations: [...allowed, `${LOOPBACK}/32`] };
}
