import type { ReactNode } from "react";
import { Icon, type IconName } from "./icon.tsx";

interface EmptyStateProps {
  icon: IconName;
  title: string;
  text: string;
  /** The next step, or what there is to see instead. */
  children?: ReactNode;
}

/** Says that there is nothing yet, and what to do next. */
export function EmptyState({ icon, title, text, children }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-center px-6 py-14 text-center">
      <span className="mb-4 grid size-12 place-items-center rounded-full bg-accent-soft text-accent">
        <Icon name={icon} className="size-6" />
      </span>
      <h2 className="text-lg font-semibold">{title}</h2>
      <p className="mt-1 max-w-md text-muted">{text}</p>
      {children && <div className="mt-5 flex w-full flex-col items-center gap-5">{children}</div>}
    </div>
  );
}
