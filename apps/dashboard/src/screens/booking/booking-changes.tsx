import type { BookingActions, BookingResource, CommandKind } from "@slotwire/contract";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { actionsQuery, commandsQuery, isOpen } from "../../api/command-queries.ts";
import { changes } from "../../messages/changes.ts";
import { Button } from "../../parts/button.tsx";
import type { IconName } from "../../parts/icon.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { useMay } from "../../session/use-may.ts";
import { ChangeDialog } from "./change-dialog.tsx";
import { CommandState } from "./command-state.tsx";
import { useChange } from "./use-change.ts";

/** What can be done with a booking, and what its source has been asked for. */
export function BookingChanges({ booking }: { booking: BookingResource }) {
  const mayChange = useMay()("bookings:write");
  const commands = useQuery(commandsQuery(booking.id));
  const actions = useQuery({
    ...actionsQuery(booking.id, booking.version),
    enabled: mayChange && booking.deleted_at === null,
  });
  const change = useChange(booking.id);
  const [latest] = commands.data ?? [];
  const isPending = latest !== undefined && isOpen(latest);
  return (
    <>
      {latest && (
        <CommandState
          key={latest.id}
          command={latest}
          booking={booking}
          mayChange={mayChange}
          onAgain={() => change.mutate(latest)}
        />
      )}
      {change.error && <ProblemPanel error={change.error} />}
      {actions.data && !isPending && (
        <Offer key={booking.version} booking={booking} offer={actions.data} />
      )}
    </>
  );
}

const icons: Readonly<Record<CommandKind, IconName>> = {
  confirm: "check",
  reject: "barred",
  reschedule: "clock",
  no_show: "absent",
  cancel: "cross",
};
/** What is wanted most often comes first, what takes the booking away last. */
const order: readonly CommandKind[] = ["confirm", "reschedule", "no_show", "reject", "cancel"];

function Offer({ booking, offer }: { booking: BookingResource; offer: BookingActions }) {
  const [asked, setAsked] = useState<CommandKind | null>(null);
  const { source, actions, write_back: writeBack } = offer;
  const shown = order.filter((kind) => actions.includes(kind));
  if (shown.length === 0) return <Unavailable offer={offer} />;
  return (
    <section
      className="panel p-5"
      aria-label={source === null ? changes.title : changes.titleAt(source.name)}
    >
      <div className="flex flex-wrap gap-2">
        {shown.map((kind) => (
          <Button
            key={kind}
            icon={icons[kind]}
            weight={kind === "cancel" || kind === "reject" ? "danger" : "plain"}
            onClick={() => setAsked(kind)}
          >
            {changes.actions[kind]}
          </Button>
        ))}
      </div>
      {writeBack === "available" && source !== null && (
        <p className="mt-3 text-sm text-muted">{changes.atSource(source.name)}</p>
      )}
      {asked !== null && (
        <ChangeDialog
          kind={asked}
          booking={booking}
          sourceName={source?.name ?? null}
          onClose={() => setAsked(null)}
        />
      )}
    </section>
  );
}

/** Why nothing is offered, where people can do something about it. */
function Unavailable({ offer: { source, write_back: why } }: { offer: BookingActions }) {
  const mayConnect = useMay()("connections:manage");
  if (source === null || why === "hub" || why === "available") return null;
  const words = {
    no_api_key: changes.notConnected(source.name),
    paused: changes.paused(source.name),
    unsupported: changes.unsupported,
  };
  return (
    <section className="panel space-y-2 p-5 text-sm" aria-label={changes.title}>
      <p className="text-muted">{words[why]}</p>
      {mayConnect && why !== "unsupported" && (
        <Link to="/settings/connections" className="font-medium text-accent hover:underline">
          {changes.toConnections}
        </Link>
      )}
    </section>
  );
}
