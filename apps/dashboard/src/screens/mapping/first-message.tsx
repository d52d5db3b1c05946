import type { ConnectionResource } from "@slotwire/contract";
import { mappingWords } from "../../messages/mapping.ts";
import { access } from "../../messages/access.ts";
import { CodeBlock } from "../../parts/code-block.tsx";
import { CopyField } from "../../parts/copy-field.tsx";
import { Arrival } from "../connections/arrival.tsx";
import { curlExample } from "./curl-example.ts";

/** Before anything has come in: where to send it, and how to try. */
export function FirstMessage({ connection }: { connection: ConnectionResource }) {
  const words = mappingWords.waiting;
  const curl = curlExample(connection);
  return (
    <section aria-label={words.title} className="panel max-w-3xl space-y-5 p-5 sm:p-6">
      <div>
        <h2 className="text-lg font-semibold">{words.title}</h2>
        <p className="mt-0.5 text-muted">{words.text}</p>
      </div>
      <Arrival connection={connection} />
      <CopyField label={access.connections.address} value={connection.webhook_url} />
      {curl === null ? (
        <p className="text-sm text-muted">{words.signed}</p>
      ) : (
        <div>
          <h3 className="eyebrow mb-1.5">{words.curl}</h3>
          <CodeBlock label={words.curl} text={curl} />
          <p className="mt-1.5 text-sm text-muted">{words.curlHint}</p>
        </div>
      )}
    </section>
  );
}
