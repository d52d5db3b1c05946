import type { InboundMessageDetail } from "@slotwire/contract";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { messageQuery } from "../../api/queries.ts";
import { t } from "../../messages/messages.ts";
import { operate } from "../../messages/operate.ts";
import { Button } from "../../parts/button.tsx";
import { CodeBlock } from "../../parts/code-block.tsx";
import { DetailPanel } from "../../parts/detail-panel.tsx";
import { Fact, FactList } from "../../parts/fact-list.tsx";
import { MessageOutcome } from "../../parts/message-outcome.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { ListSkeleton } from "../../parts/skeleton.tsx";
import { summaryOf } from "../../parts/summary-of.ts";
import { toldWords } from "../../parts/told-words.ts";
import { Warning } from "../../parts/warning.tsx";
import { useMay } from "../../session/use-may.ts";
import { useSession, useZone } from "../../session/use-session.ts";
import {
  formatShortDateTime,
  formatShortDateTimeWithSeconds,
  formatTimeWithSeconds,
} from "../../time/format-time.ts";
import { ChangeList } from "./change-list.tsx";
import { BookingLink } from "./message-row.tsx";
import { prettyJson } from "./pretty-json.ts";
import { ReprocessDialog } from "./reprocess-dialog.tsx";

const route = getRouteApi("/app/inbox/$messageId");
const words = operate.message;

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
      {query.data && (
        <>
          <Facts message={query.data} />
          <Changes message={query.data} />
          <Related message={query.data} />
          <Again message={query.data} />
          <Headers message={query.data} />
          <Body message={query.data} />
        </>
      )}
    </DetailPanel>
  );
}

interface MessageProps {
  message: InboundMessageDetail;
}

function Facts({ message }: MessageProps) {
  const zone = useZone();
  const { next_attempt_at: next, error, summary } = message;
  // Of what came to nothing the summary often says why.
  const reason = error === null || error === summary ? null : toldWords(error, zone);
  return (
    <>
      <p className="text-base">{summaryOf(message, zone)}</p>
      {message.warning !== null && <Warning text={message.warning} />}
      <FactList>
        <Fact name={t.inbox.outcome}>
          <MessageOutcome message={message} />
        </Fact>
        <Fact name={t.inbox.reason}>{reason}</Fact>
        <Fact name={t.inbox.remedy}>{message.remedy}</Fact>
        <Fact name={t.inbox.booking}>
          {message.booking_number !== null && <BookingLink message={message} />}
        </Fact>
        <Fact name={t.inbox.received}>
          {formatShortDateTimeWithSeconds(message.received_at, zone)}
        </Fact>
        <Fact name={t.inbox.processed}>
          {message.processed_at === null
            ? t.inbox.notProcessed
            : formatShortDateTimeWithSeconds(message.processed_at, zone)}
        </Fact>
        <Fact name={t.inbox.arrivals}>
          {message.deliveries > 1 && t.inbox.told(message.deliveries, message.effects)}
        </Fact>
        <Fact name={words.attempts}>
          {(message.attempts > 1 || next !== null) &&
            [
              String(message.attempts),
              ...(next === null ? [] : [words.next(formatTimeWithSeconds(next, zone))]),
            ].join(", ")}
        </Fact>
        <Fact name={t.inbox.signature}>{t.inbox.signatures[message.signature_state]}</Fact>
        <Fact name={t.inbox.connection}>{message.connection_name}</Fact>
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

function Changes({ message }: MessageProps) {
  if (message.changes.length === 0) return null;
  return (
    <div>
      <h3 className="eyebrow mb-1.5">{words.changes}</h3>
      <ChangeList changes={message.changes} />
    </div>
  );
}

/** The other deliveries of the same event. */
function Related({ message }: MessageProps) {
  const zone = useZone();
  const search = route.useSearch();
  if (message.related.length === 0) return null;
  return (
    <div>
      <h3 className="eyebrow mb-1.5">{words.told}</h3>
      <ul className="space-y-1">
        {message.related.map((other) => (
          <li key={other.id} className="flex flex-wrap items-center gap-2 text-sm">
            <Link
              to="/inbox/$messageId"
              params={{ messageId: other.id }}
              search={search}
              className="text-accent underline-offset-2 hover:underline"
            >
              {formatTimeWithSeconds(other.received_at, zone)}
            </Link>
            <MessageOutcome message={other} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Again({ message }: MessageProps) {
  const mayManage = useMay()("inbox:manage");
  const [isOpen, setIsOpen] = useState(false);
  if (!mayManage || message.body_removed_at !== null) return null;
  return (
    <div>
      <Button icon="retry" onClick={() => setIsOpen(true)}>
        {operate.again.action}
      </Button>
      {isOpen && <ReprocessDialog choice={{ id: message.id }} onClose={() => setIsOpen(false)} />}
    </div>
  );
}

function Headers({ message }: MessageProps) {
  const headers = Object.entries(message.headers);
  if (headers.length === 0) return null;
  const text = headers.map(([name, value]) => `${name}: ${value}`).join("\n");
  return (
    <div>
      <h3 className="eyebrow mb-1.5">{words.headers}</h3>
      <CodeBlock label={words.headers} text={text} isLimited />
    </div>
  );
}

function Body({ message }: MessageProps) {
  const { grants } = useSession();
  if (message.body_removed_at !== null) return <RemovedBody message={message} />;
  return (
    <div>
      <h3 className="eyebrow mb-1.5">{t.inbox.body}</h3>
      {grants["inbox:read"] === "ids" && (
        <p className="mb-1.5 text-sm text-muted">{t.inbox.redacted}</p>
      )}
      <CodeBlock label={t.inbox.body} text={prettyJson(message.body)} isLimited />
    </div>
  );
}

function RemovedBody({ message }: MessageProps) {
  const zone = useZone();
  const { body_keys: keys, body_removed_at: at, body_sha256: hash } = message;
  return (
    <div className="space-y-2">
      <h3 className="eyebrow">{t.inbox.body}</h3>
      <p className="text-sm text-muted">
        {operate.retention.removed(at === null ? "" : formatShortDateTime(at, zone))}
      </p>
      {keys !== null && keys.length > 0 && (
        <CodeBlock label={operate.retention.keys} text={keys.join("\n")} isLimited />
      )}
      <p className="text-xs text-muted">
        {operate.retention.hash}: <code className="wrap-anywhere">{hash}</code>
      </p>
    </div>
  );
}
