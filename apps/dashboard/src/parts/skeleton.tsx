import { t } from "../messages/messages.ts";

/** Grey lines in the place of a list that is being read. */
export function ListSkeleton({ lines = 6 }: { lines?: number }) {
  return (
    <output className="block divide-y divide-line">
      <span className="sr-only">{t.app.loading}</span>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} className="flex animate-pulse-soft gap-4 px-4 py-3.5" aria-hidden="true">
          <span className="h-4 w-16 rounded bg-sunken" />
          <span className="h-4 flex-1 rounded bg-sunken" />
          <span className="hidden h-4 w-24 rounded bg-sunken sm:block" />
        </span>
      ))}
    </output>
  );
}

/** Grey blocks in the place of a page that is being read. */
export function PageSkeleton() {
  return (
    <output className="block space-y-4">
      <span className="sr-only">{t.app.loading}</span>
      <span aria-hidden="true" className="block h-8 w-48 animate-pulse-soft rounded bg-sunken" />
      <span aria-hidden="true" className="block h-64 animate-pulse-soft rounded-xl bg-sunken" />
    </output>
  );
}
