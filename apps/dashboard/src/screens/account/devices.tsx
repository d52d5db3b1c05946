import type { SignedIn } from "@slotwire/contract";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { hub } from "../../api/hub.ts";
import { access } from "../../messages/access.ts";
import { Button } from "../../parts/button.tsx";
import { Chip } from "../../parts/chip.tsx";
import { ConfirmButton } from "../../parts/confirm-button.tsx";
import { Icon } from "../../parts/icon.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { Section } from "../../parts/section.tsx";
import { ListSkeleton } from "../../parts/skeleton.tsx";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { deviceOf } from "./device-of.ts";
import { sessionsQuery } from "./sessions-query.ts";

/** The browsers that one is signed in with. */
export function Devices() {
  const query = useQuery(sessionsQuery);
  const queries = useQueryClient();
  const onSettled = () => queries.invalidateQueries({ queryKey: sessionsQuery.queryKey });
  const end = useMutation({ mutationFn: (id: string) => hub.session.end(id), onSettled });
  const endOthers = useMutation({ mutationFn: () => hub.session.endOthers(), onSettled });
  const rows = query.data?.data;
  const error = query.error ?? end.error ?? endOthers.error;
  return (
    <Section title={access.account.devicesTitle}>
      {error && <ProblemPanel error={error} onRetry={() => void query.refetch()} />}
      {query.isPending && <ListSkeleton lines={2} />}
      <ul className="-my-1 divide-y divide-line">
        {rows?.map((session) => (
          <Device
            key={session.id}
            session={session}
            isEnding={end.isPending}
            onEnd={() => end.mutate(session.id)}
          />
        ))}
      </ul>
      {rows && rows.length > 1 && (
        <div className="mt-4 border-t border-line pt-4">
          <ConfirmButton
            icon="leave"
            label={access.account.signOutOthers}
            question={access.account.signOutOthersConfirm}
            disabled={endOthers.isPending}
            onConfirm={() => endOthers.mutate()}
          />
        </div>
      )}
    </Section>
  );
}

interface DeviceProps {
  session: SignedIn;
  isEnding: boolean;
  onEnd: () => void;
}

function Device({ session, isEnding, onEnd }: DeviceProps) {
  const { words, isPhone } = deviceOf(session.user_agent);
  return (
    <li className="flex items-center gap-3 py-3">
      <span className="grid size-9 shrink-0 place-items-center rounded-full bg-sunken text-muted">
        <Icon name={isPhone ? "phone" : "laptop"} />
      </span>
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium">
          {words}
          {session.current && (
            <Chip look={{ tone: "ok", icon: "check" }}>{access.account.thisDevice}</Chip>
          )}
        </p>
        <p className="text-sm wrap-anywhere text-muted">
          {[access.account.method[session.method], session.address]
            .filter((part) => part !== null)
            .join(" · ")}
          {" · "}
          {access.account.lastSeen} <TimeAgo at={session.last_seen_at} />
        </p>
      </div>
      {!session.current && (
        <Button
          disabled={isEnding}
          aria-label={access.account.signOutThereOf(words)}
          onClick={onEnd}
        >
          {access.account.signOutThere}
        </Button>
      )}
    </li>
  );
}
