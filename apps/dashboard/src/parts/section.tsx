import { useId, type ReactNode } from "react";

interface SectionProps {
  title: string;
  text?: ReactNode;
  /** Beside the title: a state. */
  state?: ReactNode;
  children: ReactNode;
}

/** A part of a settings page: what it is about, and a panel with what can be done. */
export function Section({ title, text, state, children }: SectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="panel p-5 sm:p-6">
      <div className="mb-4">
        <h2 id={id} className="flex flex-wrap items-center gap-2.5 text-lg font-semibold">
          {title}
          {state}
        </h2>
        {text && <p className="mt-0.5 text-muted">{text}</p>}
      </div>
      {children}
    </section>
  );
}
