import type { FieldChange } from "@slotwire/contract";
import { operate } from "../../messages/operate.ts";
import { useZone } from "../../session/use-session.ts";
import { formatDateTime } from "../../time/format-time.ts";

const words = operate.message;

/** Members of a booking with their values before and after. */
export function ChangeList({ changes }: { changes: readonly FieldChange[] }) {
  const zone = useZone();
  if (changes.length === 0) return null;
  return (
    <dl className="grid grid-cols-[minmax(0,auto)_minmax(0,1fr)] gap-x-3 text-sm">
      {changes.map((change, index) => (
        <div key={`${change.field} ${index}`} className="contents">
          <dt className="text-muted">{change.field.replaceAll("_", " ")}</dt>
          <dd className="wrap-anywhere">
            {isNothing(change.old) ? null : (
              <>
                <del className="text-muted">
                  <span className="sr-only">{words.before}: </span>
                  {valueWords(change.old, zone)}
                </del>
                {" → "}
                <span className="sr-only">{words.after}: </span>
              </>
            )}
            {valueWords(change.new, zone)}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined || value === "";
}

const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;

function valueWords(value: unknown, zone: string): string {
  if (isNothing(value)) return words.nothing;
  if (typeof value === "string") return instant.test(value) ? formatDateTime(value, zone) : value;
  if (Array.isArray(value)) return value.map((one) => nameOf(one)).join(", ") || words.nothing;
  return nameOf(value);
}

/** People and things by their names, the rest as it is. */
function nameOf(value: unknown): string {
  if (value === null || typeof value !== "object") return String(value);
  const { name, email, key } = value as { name?: unknown; email?: unknown; key?: unknown };
  const known = [name, email, key].find((one) => typeof one === "string" && one !== "");
  return typeof known === "string" ? known : JSON.stringify(value);
}
