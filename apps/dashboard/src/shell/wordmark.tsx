import { t } from "../messages/messages.ts";

/** The product's mark: two slots and the wire between them. */
export function Mark() {
  return (
    <svg viewBox="0 0 32 32" className="size-6 shrink-0 text-accent" aria-hidden="true">
      <rect x="3" y="4" width="15" height="8" rx="4" fill="currentColor" />
      <rect x="14" y="20" width="15" height="8" rx="4" fill="currentColor" />
      <path
        d="M18 8h4a4 4 0 0 1 0 8H10a4 4 0 0 0 0 8h4"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
        opacity="0.55"
      />
    </svg>
  );
}

/** The product's mark and name. */
export function Wordmark() {
  return (
    <span className="inline-flex items-center gap-2 font-semibold tracking-tight">
      <Mark />
      {t.app.name}
    </span>
  );
}
