import { outbound } from "../../messages/outbound.ts";
import { CodeBlock } from "../../parts/code-block.tsx";
import { prettyJson } from "../inbox/pretty-json.ts";
import { CopyButton } from "../../parts/copy-button.tsx";

const words = outbound.attempt;

interface ExchangeProps {
  title: string;
  headers: Readonly<Record<string, string>> | null;
  body: string | null;
  isOpen: boolean;
}

/** A request or an answer as it went over the wire. */
export function Exchange({ title, headers, body, isOpen }: ExchangeProps) {
  if (headers === null && body === null) return null;
  return (
    <details open={isOpen} className="group">
      <summary className="w-fit rounded py-1 text-sm font-medium hover:text-accent">
        {title}
      </summary>
      <div className="space-y-2 pt-1 pb-2">
        {headers && <Headers title={title} headers={headers} />}
        {body !== null && body !== "" && (
          <div>
            <div className="flex items-center justify-between">
              <p className="eyebrow">{words.body}</p>
              <CopyButton label={words.copyBody} text={body} />
            </div>
            <CodeBlock label={`${title}: ${words.body}`} text={prettyJson(body)} isLimited />
          </div>
        )}
        {body === "" && <p className="text-sm text-muted">{words.empty}</p>}
      </div>
    </details>
  );
}

function Headers({ title, headers }: { title: string; headers: Readonly<Record<string, string>> }) {
  return (
    <div>
      <p className="eyebrow mb-1">{words.headers}</p>
      <dl
        aria-label={`${title}: ${words.headers}`}
        className="space-y-0.5 rounded-lg bg-sunken p-3 font-mono text-xs leading-relaxed"
      >
        {Object.entries(headers).map(([name, value]) => (
          <div key={name} className="wrap-anywhere">
            <dt className="inline text-muted">{name}: </dt>
            <dd className="inline">{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
