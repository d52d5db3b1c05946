import { Outlet } from "@tanstack/react-router";
import type { ReactNode } from "react";

interface SplitViewProps {
  /** Whether one row is open beside the list. */
  isOpen: boolean;
  /** The list. */
  children: ReactNode;
}

/** A list and its opened row: side by side where there is room, one at a time where there is not. */
export function SplitView({ isOpen, children }: SplitViewProps) {
  return (
    <div
      className={
        isOpen ? "grid gap-6 xl:grid-cols-[minmax(0,1fr)_minmax(0,28rem)] xl:items-start" : ""
      }
    >
      <div className={`min-w-0 ${isOpen ? "hidden xl:block" : ""}`}>{children}</div>
      {isOpen && (
        <div className="min-w-0 xl:sticky xl:top-4">
          <Outlet />
        </div>
      )}
    </div>
  );
}
