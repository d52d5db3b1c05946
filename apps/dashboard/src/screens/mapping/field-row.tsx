import type { FieldReading, MappingExpression, SampleField } from "@slotwire/contract";
import { mappingWords } from "../../messages/mapping.ts";
import { Icon } from "../../parts/icon.tsx";
import { expressionOf, type Target, textOf, withExpression } from "./draft.ts";
import { ExpressionEditor } from "./expression-editor.tsx";
import type { EditProps } from "./edit-props.ts";
import { nameOf } from "./name-of.ts";

interface FieldRowProps extends EditProps {
  own: Target;
  note?: string | undefined;
  /** What can be chosen. */
  fields: readonly SampleField[];
}

/** One of our fields: what is read for it, and, when it is chosen, where from. */
export function FieldRow(props: FieldRowProps) {
  const { own, note, draft, onChange, target, onTarget, fields, readings } = props;
  const expression = expressionOf(draft, own);
  const mine = readings.filter(({ field }) => field === own);
  const isOpen = target === own;
  return (
    <div className={isOpen ? "bg-raised" : ""} data-field={own}>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => onTarget(isOpen ? null : own)}
        className="grid w-full grid-cols-[minmax(0,1fr)_auto] items-start gap-x-3 px-3 py-2 text-left hover:bg-raised sm:grid-cols-[11rem_minmax(0,1fr)_auto]"
      >
        <span className="text-sm font-medium">{nameOf(own)}</span>
        <span className="min-w-0 max-sm:col-span-2 max-sm:row-start-2">
          <Read expression={expression} readings={mine} />
        </span>
        <Icon
          name={isOpen ? "cross" : "edit"}
          className="mt-0.5 size-4 text-muted max-sm:col-start-2 max-sm:row-start-1"
        />
      </button>
      {isOpen && (
        <div className="space-y-3 px-3 pt-1 pb-4">
          {note !== undefined && <p className="text-sm text-muted">{note}</p>}
          <ExpressionEditor
            key={own}
            expression={expression}
            fields={fields}
            onChange={(changed) => onChange(withExpression(draft, own, changed))}
            onDone={() => onTarget(null)}
          />
        </div>
      )}
    </div>
  );
}

interface ReadProps {
  expression: MappingExpression | undefined;
  readings: readonly FieldReading[];
}

function Read({ expression, readings }: ReadProps) {
  const problem = readings.find((one) => one.problem !== null)?.problem;
  const { value, meaning } = readings[0] ?? { value: null, meaning: null };
  return (
    <>
      {expression === undefined ? (
        <span className="block text-sm text-muted">{mappingWords.editor.empty}</span>
      ) : (
        <>
          <span className="block text-sm wrap-anywhere">
            {value === null && problem === undefined ? (
              <span className="text-muted">{mappingWords.editor.nothing}</span>
            ) : (
              (meaning ?? value)
            )}
          </span>
          <span className="block font-mono text-xs wrap-anywhere text-muted">
            {textOf(expression)}
            {meaning !== null && value !== null && ` = ${value}`}
          </span>
        </>
      )}
      {problem !== undefined && <span className="block text-sm text-bad">{problem}</span>}
    </>
  );
}
