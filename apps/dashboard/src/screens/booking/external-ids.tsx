import type { ExternalRefResource } from "@slotwire/contract";
import { t } from "../../messages/messages.ts";
import { useZone } from "../../session/use-session.ts";
import { formatShortDateTime } from "../../time/format-time.ts";

/** Every id that the sources have used for a booking: those in use first. */
export function ExternalIds({ refs }: { refs: readonly ExternalRefResource[] }) {
  const zone = useZone();
  return (
    <section className="panel p-5" aria-labelledby="outside-ids">
      <h2 id="outside-ids" className="font-semibold">
        {t.details.ids}
      </h2>
      <p className="mb-3 text-sm text-muted">
        {refs.length === 0 ? t.details.idsEmpty : t.details.idsHint}
      </p>
      <ul className="space-y-2.5">
        {refs.map((ref) => (
          <li key={`${ref.connection_id} ${ref.kind} ${ref.external_id}`} className="text-sm">
            <code
              className={`block text-[0.8125rem] [overflow-wrap:anywhere] ${ref.superseded_at ? "text-muted line-through" : ""}`}
            >
              {ref.external_id}
            </code>
            <span className="text-xs text-muted">
              {t.details.refKind[ref.kind]} ·{" "}
              {ref.superseded_at === null
                ? t.details.current
                : t.details.superseded(formatShortDateTime(ref.superseded_at, zone))}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
