import { useEffect, type ReactNode } from "react";
import { t } from "../messages/messages.ts";
import { ConnectionState } from "../live/connection-state.tsx";

interface PageHeaderProps {
  title: string;
  /** A line above the title. */
  above?: ReactNode;
  /** A line below the title. */
  below?: ReactNode;
  children?: ReactNode;
}

/** The head of a screen: its title, the state of the live connection, and the screen's actions. */
export function PageHeader({ title, above, below, children }: PageHeaderProps) {
  useEffect(() => {
    document.title = t.app.title(title);
  }, [title]);
  return (
    <header className="mb-5 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
      <div className="min-w-0 grow basis-72">
        {above && <div className="mb-0.5 text-sm text-muted">{above}</div>}
        <h1 className="wrap-anywhere text-2xl font-semibold tracking-tight text-balance sm:text-[1.75rem]">
          {title}
        </h1>
        {below && <div className="mt-0.5 wrap-anywhere text-muted">{below}</div>}
      </div>
      <div className="flex flex-wrap items-center gap-2">
        {children}
        <span className="max-lg:hidden">
          <ConnectionState />
        </span>
      </div>
    </header>
  );
}
