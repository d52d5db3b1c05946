import { Link } from "@tanstack/react-router";
import { problemOf } from "../../api/problem-of.ts";
import { outbound } from "../../messages/outbound.ts";
import { Icon } from "../../parts/icon.tsx";

const words = outbound.filters;

/** What people call the filters that the hub knows by other names. */
const names: Readonly<Record<string, string>> = {
  status: words.status,
  destination_id: words.destination,
  booking_id: words.booking,
  booking_number: words.booking,
  event_type: words.type,
  error_class: words.error,
  status_code: words.code,
  skip_reason: words.reason,
  from: words.from,
  to: words.to,
  replay_id: words.replay,
};

/**
 * The filters that the hub refused, in people's words.
 * @returns null when it is something else that went wrong
 */
export function refusedFilters(error: unknown): string[] | null {
  const { status, errors = [] } = problemOf(error);
  if (status !== 422 || errors.length === 0) return null;
  const refused = errors.map(({ path }) => names[path.replace(/^query[./]/, "")]);
  return refused.every((name) => name !== undefined) ? [...new Set(refused)] : null;
}

/** Says which filters of an address make no sense, and the way out. */
export function SenselessFilter({ filters }: { filters: readonly string[] }) {
  return (
    <div role="alert" className="panel flex gap-3 border-bad p-4">
      <Icon name="warn" className="mt-0.5 size-5 text-bad" />
      <div className="min-w-0 flex-1 space-y-1">
        <p className="font-semibold">{words.senseless}</p>
        <p className="text-muted">{words.senselessText(filters)}</p>
        <Link to="/deliveries" className="font-medium text-accent hover:underline">
          {words.clear}
        </Link>
      </div>
    </div>
  );
}
