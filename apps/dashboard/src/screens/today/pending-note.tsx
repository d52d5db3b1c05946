import { useQuery } from "@tanstack/react-query";
import { openCommandsQuery } from "../../api/command-queries.ts";
import { changes } from "../../messages/changes.ts";
import { Icon } from "../../parts/icon.tsx";

/** What a booking's source has been asked for and not done yet; nothing when there is nothing. */
export function PendingNote({ bookingId }: { bookingId: string }) {
  const { data: command } = useQuery({
    ...openCommandsQuery,
    select: (commands) => commands.find(({ booking_id: id }) => id === bookingId),
  });
  if (command === undefined) return null;
  return (
    <p className="flex items-center gap-1.5 text-sm text-warn" data-pending={command.kind}>
      <Icon name="clock" className="size-3.5 shrink-0" />
      {changes.pending[command.kind](command.source_name)}
    </p>
  );
}
