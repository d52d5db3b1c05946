"use client";

import { type ReactElement, type ReactNode, useId, useRef } from "react";
import { common } from "../messages/en.ts";
import type { HubData } from "../use-hub-data.ts";
import { useWords } from "../use-words.ts";
import { ProblemNote } from "./problem-note.tsx";
import { useKeptFocus } from "./use-kept-focus.ts";

/** How components that are a part of a page fit into it. */
export interface PanelLook {
  readonly className?: string;
  /** The level of its heading; `h2` when absent. */
  readonly heading?: "h2" | "h3" | "h4";
}

/**
 * A part of a page with a heading, and in it what the hub answered, or why there is no answer. A later
 * failure leaves what was there and says that it may be out of date.
 */
export function Panel<Data>({
  look: { className = "", heading: Heading = "h2" },
  name,
  title,
  failed,
  from,
  aside,
  children,
}: {
  readonly look: PanelLook;
  /** The component's class. */
  readonly name: string;
  readonly title: ReactNode;
  readonly failed: string;
  readonly from: HubData<Data>;
  /** Beside the heading. */
  readonly aside?: ReactNode;
  readonly children: (data: Data) => ReactNode;
}): ReactElement {
  const id = useId();
  const section = useRef<HTMLElement>(null);
  useKeptFocus(section);
  const words = useWords("common", common);
  const { data, error, reload } = from;
  const isWaiting = data === undefined && error === null;
  return (
    <section
      ref={section}
      tabIndex={-1}
      className={`sw sw-panel ${name} ${className}`.trim()}
      aria-labelledby={id}
      aria-busy={isWaiting}
    >
      <div className="sw-head">
        <Heading id={id} className="sw-title">
          {title}
        </Heading>
        {aside}
      </div>
      {error !== null && (
        <ProblemNote
          title={data === undefined ? failed : words.stale}
          error={error}
          onRetry={reload}
        />
      )}
      {isWaiting && <output className="sw-note sw-loading">{words.loading}</output>}
      {data !== undefined && children(data)}
    </section>
  );
}
