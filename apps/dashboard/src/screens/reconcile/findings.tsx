import type { ReconcileFindingResource, ReconcileRunResource } from "@slotwire/contract";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { reconcile } from "../../messages/reconcile.ts";
import { Chip, type Look } from "../../parts/chip.tsx";
import { MoreButton } from "../../parts/more-button.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { ListSkeleton } from "../../parts/skeleton.tsx";
import { useMay } from "../../session/use-may.ts";
import { useZone } from "../../session/use-session.ts";
import { fieldWords } from "./field-words.ts";
import { findingsQuery, isActive } from "./queries.ts";

const looks: Readonly<Record<ReconcileFindingResource["outcome"], Look>> = {
  found: { tone: "info", icon: "eye" },
  repaired: { tone: "ok", icon: "check" },
  open: { tone: "warn", icon: "warn" },
};

/** What a comparison found, booking by booking. */
export function Findings({ run }: { run: ReconcileRunResource }) {
  const query = useInfiniteQuery(findingsQuery(run));
  const findings = query.data?.pages.flatMap((page) => page.data);
  if (query.error) {
    return <ProblemPanel error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (findings === undefined) return <ListSkeleton lines={2} />;
  if (findings.length === 0) {
    if (run.error_code !== null) return null;
    return (
      <p className="text-muted">{isActive(run) ? reconcile.noFindingsYet : reconcile.noFindings}</p>
    );
  }
  return (
    <div>
      <h3 className="mb-1 font-semibold">{reconcile.findings}</h3>
      <ul className="divide-y divide-line">
        {findings.map((finding) => (
          <FindingRow key={finding.id} finding={finding} />
        ))}
      </ul>
      <MoreButton query={query} />
    </div>
  );
}

function FindingRow({ finding }: { finding: ReconcileFindingResource }) {
  const { booking_id: bookingId, booking_number: number, label, outcome } = finding;
  const mayOpen = useMay()("bookings:read");
  return (
    <li className="space-y-1.5 py-3">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1">
        <div className="min-w-0">
          <p className="font-medium wrap-anywhere">{label}</p>
          <p className="text-sm text-muted">
            {reconcile.kinds[finding.kind]}
            {bookingId !== null && number !== null && mayOpen && (
              <>
                {" · "}
                <Link
                  to="/bookings/$bookingId"
                  params={{ bookingId }}
                  className="text-accent underline underline-offset-2"
                >
                  {reconcile.booking(number)}
                </Link>
              </>
            )}
          </p>
        </div>
        <Chip look={looks[outcome]}>{reconcile.outcomes[outcome]}</Chip>
      </div>
      {finding.reason !== null && <p className="text-sm wrap-anywhere">{finding.reason}</p>}
      <Differences finding={finding} />
    </li>
  );
}

function Differences({ finding }: { finding: ReconcileFindingResource }) {
  const zone = useZone();
  const isMissing = finding.kind === "missing";
  const shown = finding.fields.filter(({ name }) => !(isMissing && name === "title"));
  if (shown.length === 0) return null;
  return (
    <table className="w-full text-left text-sm">
      <thead className="sr-only">
        <tr>
          <th scope="col">{reconcile.findings}</th>
          <th scope="col">{reconcile.before}</th>
          <th scope="col">{reconcile.after}</th>
        </tr>
      </thead>
      <tbody>
        {shown.map(({ name, before, after }) => (
          <tr key={name} className="align-top">
            <th scope="row" className="w-28 py-0.5 pr-4 font-normal text-muted">
              {reconcile.fields[name] ?? name}
            </th>
            <td className="py-0.5 wrap-anywhere">
              {!isMissing && (
                <>
                  <span className="text-muted line-through">{fieldWords(name, before, zone)}</span>
                  <span aria-hidden="true"> → </span>
                </>
              )}
              <span>{fieldWords(name, after, zone)}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
