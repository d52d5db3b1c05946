import { useQuery } from "@tanstack/react-query";
import { unlinkedCountQuery } from "../api/queries.ts";
import { t } from "../messages/messages.ts";

/** How many bookings wait for a link; nothing when there are none. */
export function UnlinkedCount({ className }: { className: string }) {
  const { data } = useQuery(unlinkedCountQuery);
  if (data === undefined || data.count === 0) return null;
  const count = data.at_least ? `${data.count}+` : String(data.count);
  return (
    <span
      className={`min-w-5 rounded-full bg-warn-soft px-1.5 text-center text-xs leading-5 font-semibold text-warn ${className}`}
    >
      <span aria-hidden="true">{count}</span>
      <span className="sr-only">{t.nav.unlinkedCount(count)}</span>
    </span>
  );
}
