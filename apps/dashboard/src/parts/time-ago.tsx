import { useZone } from "../session/use-session.ts";
import { formatDateTime } from "../time/format-time.ts";
import { relativeTime } from "../time/relative-time.ts";
import { useNow } from "../time/use-now.ts";

/** An instant as its distance from now; the full time stands in its title. */
export function TimeAgo({ at }: { at: string }) {
  const now = useNow();
  const zone = useZone();
  return (
    <time dateTime={at} title={formatDateTime(at, zone)} className="whitespace-nowrap">
      {relativeTime(at, now)}
    </time>
  );
}
