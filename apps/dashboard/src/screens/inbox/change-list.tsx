import type { FieldChange } from "@slotwire/contract";
import { t } from "../../messages/messages.ts";
import { operate } from "../../messages/operate.ts";
import { fieldName, valueWords } from "../../parts/field-words.ts";
import { useZone } from "../../session/use-session.ts";

const words = operate.message;

/** Members of a booking with their values before and after. */
export function ChangeList({ changes }: { changes: readonly FieldChange[] }) {
  const zone = useZone();
  if (changes.length === 0) return null;
  return (
    <dl className="grid grid-cols-[minmax(0,auto)_minmax(0,1fr)] gap-x-3 gap-y-0.5 text-sm">
      {changes.map((change, index) => (
        <div key={`${change.field} ${index}`} className="contents">
          <dt className="text-muted">{fieldName(change.field)}</dt>
          <dd className="wrap-anywhere">
            <Before words={valueWords(change.field, change.old, zone)} />
            {valueWords(change.field, change.new, zone)}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Before({ words: before }: { words: string }) {
  if (before === t.app.none) return null;
  return (
    <>
      <del className="text-muted">
        <span className="sr-only">{words.before}: </span>
        {before}
      </del>
      {" → "}
      <span className="sr-only">{words.after}: </span>
    </>
  );
}
