import { useEffect, useRef, type ReactNode } from "react";
import { t } from "../../messages/messages.ts";
import { Wordmark } from "../../shell/wordmark.tsx";

interface EntryCardProps {
  /** The page's heading. */
  title: string;
  /** A line below the heading. */
  text?: ReactNode;
  children?: ReactNode;
  /** What stands under the card. */
  below?: ReactNode;
}

/** Whether such a page was shown before: then the focus has to be led to the next step. */
let wasShown = false;

/** A page outside of the dashboard's frame: signing in, invitations, new passwords. */
export function EntryCard({ title, text, children, below }: EntryCardProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = t.app.title(title);
    // The next step of the same page: whoever cannot see it hears its heading first.
    const hasFocus = heading.current?.closest("main")?.contains(document.activeElement) ?? false;
    if (wasShown && !hasFocus) heading.current?.focus();
    wasShown = true;
  }, [title]);
  return (
    <main className="mx-auto flex min-h-[88dvh] max-w-md flex-col justify-center px-4 py-10">
      <div className="mb-6">
        <Wordmark />
      </div>
      <div className="panel space-y-5 p-6 sm:p-7">
        <div className="space-y-1.5">
          <h1
            ref={heading}
            tabIndex={-1}
            className="text-xl font-semibold tracking-tight text-balance wrap-anywhere outline-none"
          >
            {title}
          </h1>
          {text && <div className="text-muted">{text}</div>}
        </div>
        {children}
      </div>
      {below && <div className="mt-5 px-1 text-sm">{below}</div>}
    </main>
  );
}
