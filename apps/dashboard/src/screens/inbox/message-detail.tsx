import type { InboundMessageDetail } from "@slotwire/contract";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { connectionsQuery, messageQuery } from "../../api/queries.ts";
import { t } from "../../messages/messages.ts";
import { CodeBlock } from "../../parts/code-block.tsx";
import { DetailPanel } from "../../parts/detail-panel.tsx";
import { Fact, FactList } from "../../parts/fact-list.tsx";
import { MessageOutcome } from "../../parts/message-outcome.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { ListSkeleton } from "../../parts/skeleton.tsx";
import { summaryOf } from "../../parts/summary-of.ts";
import { Warning } from "../../parts/warning.tsx";
import { useSession, useZone } from "../../session/use-session.ts";
import { formatShortDateTime, formatTimeWithSeconds } from "../../time/format-time.ts";
import { BookingLink } from "./message-row.tsx";
import { prettyJson } from "./pretty-json.ts";

const route = getRouteApi("/app/inbox/$messageId");

/** One message with all that is known of it, and its body as it came. */
export function MessageDetail() {
  const { messageId } = route.useParams();
  const search = route.useSearch();
  const navigate = useNavigate();
  const query = useQuery(messageQuery(messageId));
  const close = () => void navigate({ to: "/inbox", search });
  const title = query.data?.trigger ?? t.inbox.detail;
  return (
    <DetailPanel key={messageId} title={title} onClose={close}>
      {query.isPending && <ListSkeleton lines={3} />}
      {query.error && <ProblemPanel error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && <Facts message={query.data} />}
      {query.data && <Body text={query.data.body} />}
    </DetailPanel>
  );
}

function Facts({ message }: { message: InboundMessageDetail }) {
  const zone = useZone();
  const connections = useQuery(connectionsQuery);
  const connection = connections.data?.data.find((one) => one.id === message.connection_id);
  return (
    <>
      <p className="text-base">{summaryOf(message, zone)}</p>
      {message.warning !== null && <Warning text={message.warning} />}
      <FactList>
        <Fact name={t.inbox.outcome}>
          <MessageOutcome message={message} />
        </Fact>
        <Fact name={t.inbox.reason}>{message.error}</Fact>
        <Fact name={t.inbox.booking}>
          {message.booking_number !== null && <BookingLink message={message} />}
        </Fact>
        <Fact name={t.inbox.received}>
          {formatShortDateTime(message.received_at, zone)}
          <span className="text-muted"> · {formatTimeWithSeconds(message.received_at, zone)}</span>
        </Fact>
        <Fact name={t.inbox.processed}>
          {message.processed_at === null
            ? t.inbox.notProcessed
            : formatTimeWithSeconds(message.processed_at, zone)}
        </Fact>
        <Fact name={t.inbox.arrivals}>
          {message.duplicate_count > 0 && t.inbox.duplicates(message.duplicate_count)}
        </Fact>
        <Fact name={t.inbox.signature}>{t.inbox.signatures[message.signature_state]}</Fact>
        <Fact name={t.inbox.connection}>{connection?.name}</Fact>
        <Fact name={t.inbox.errorCode}>
          {message.error_code && <code className="text-xs">{message.error_code}</code>}
        </Fact>
        <Fact name={t.inbox.id}>
          <code className="text-xs">{message.id}</code>
        </Fact>
      </FactList>
    </>
  );
}

function Body({ text }: { text: string }) {
  const { grants } = useSession();
  return (
    <div>
      <h3 className="eyebrow mb-1.5">{t.inbox.body}</h3>
      {grants["inbox:read"] === "ids" && (
        <p className="mb-1.5 text-sm text-muted">{t.inbox.redacted}</p>
      )}
      <CodeBlock label={t.inbox.body} text={prettyJson(text)} isLimited />
    </div>
  );
}
