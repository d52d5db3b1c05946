import type { SlotwireClient } from "@slotwire/client";
import { createContext, type ReactElement, type ReactNode } from "react";

/** The client of the nearest provider; null outside of all. */
export const SlotwireContext = createContext<SlotwireClient | null>(null);

/** Gives all hooks and components below it one client, and with it one live connection. */
export function SlotwireProvider({
  client,
  children,
}: {
  readonly client: SlotwireClient;
  readonly children?: ReactNode;
}): ReactElement {
  return <SlotwireContext.Provider value={client}>{children}</SlotwireContext.Provider>;
}
