import type { MappingExpression, SampleField } from "@slotwire/contract";
import { useState } from "react";
import { mappingWords } from "../../messages/mapping.ts";
import { Button } from "../../parts/button.tsx";
import { FormField } from "../../parts/form-field.tsx";
import { textOf } from "./draft.ts";

type Kind = "path" | "template" | "constant";
const kinds: readonly Kind[] = ["path", "template", "constant"];

interface ExpressionEditorProps {
  expression: MappingExpression | undefined;
  fields: readonly SampleField[];
  onChange: (expression: MappingExpression | undefined) => void;
  onDone: () => void;
}

/** Where the value of a field comes from: a value of the message, several, or always the same. */
export function ExpressionEditor(props: ExpressionEditorProps) {
  const { expression, fields, onChange, onDone } = props;
  const [kind, setKind] = useState<Kind>(kindOf(expression));
  const words = mappingWords.editor;
  const current = expression !== undefined && kindOf(expression) === kind ? expression : undefined;
  const text = current === undefined ? "" : textOf(current);
  const set = (value: string) => onChange(value === "" ? undefined : made(kind, value));
  return (
    <div className="space-y-3">
      <div className="grid gap-3 sm:grid-cols-2">
        <KindPicker kind={kind} onChange={setKind} />
        {kind !== "constant" && (
          <ValuePicker
            fields={fields}
            value={kind === "path" ? text : ""}
            onPick={(path) => set(kind === "path" ? path : `${text} {${path}}`.trim())}
          />
        )}
      </div>
      <TextInput label={words[kind]} hint={words.hints[kind]} value={text} isCode onChange={set} />
      {current !== undefined && "path" in current && (
        <TextInput
          label={words.default}
          value={current.default ?? ""}
          onChange={(value) => onChange(withDefault(current.path, value))}
        />
      )}
      <div className="flex flex-wrap gap-2">
        <Button onClick={onDone} icon="check">
          {words.done}
        </Button>
        {expression !== undefined && (
          <Button weight="ghost" icon="cross" onClick={() => onChange(undefined)}>
            {words.remove}
          </Button>
        )}
      </div>
    </div>
  );
}

interface KindPickerProps {
  kind: Kind;
  onChange: (kind: Kind) => void;
}

function KindPicker({ kind, onChange }: KindPickerProps) {
  return (
    <FormField label={mappingWords.editor.from}>
      {(ids) => (
        <select
          {...ids}
          className="field"
          value={kind}
          onChange={(event) => onChange(event.target.value as Kind)}
        >
          {kinds.map((one) => (
            <option key={one} value={one}>
              {mappingWords.editor.kinds[one]}
            </option>
          ))}
        </select>
      )}
    </FormField>
  );
}

interface TextInputProps {
  label: string;
  hint?: string | undefined;
  value: string;
  /** Whether it is for machines, too. */
  isCode?: boolean;
  onChange: (value: string) => void;
}

function TextInput({ label, hint, value, isCode = false, onChange }: TextInputProps) {
  return (
    <FormField label={label} hint={hint}>
      {(ids) => (
        <input
          {...ids}
          className={`field ${isCode ? "font-mono text-sm" : ""}`}
          value={value}
          maxLength={500}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </FormField>
  );
}

interface ValuePickerProps {
  fields: readonly SampleField[];
  value: string;
  onPick: (path: string) => void;
}

/** The values of the message once more, where the message itself is far away. */
function ValuePicker({ fields, value, onPick }: ValuePickerProps) {
  const words = mappingWords.editor;
  const leaves = fields.filter(({ kind }) => kind !== "group" && kind !== "list");
  return (
    <FormField label={words.pickValue}>
      {(ids) => (
        <select
          {...ids}
          className="field"
          value={leaves.some(({ path }) => path === value) ? value : ""}
          onChange={(event) => {
            if (event.target.value !== "") onPick(event.target.value);
          }}
        >
          <option value="">{words.pickNone}</option>
          {leaves.map((field) => (
            <option key={field.path} value={field.path}>
              {`${field.path.slice(2)}: ${field.value ?? mappingWords.sample.nothing}`.slice(0, 90)}
            </option>
          ))}
        </select>
      )}
    </FormField>
  );
}

function kindOf(expression: MappingExpression | undefined): Kind {
  if (expression === undefined || "path" in expression) return "path";
  return "template" in expression ? "template" : "constant";
}

function made(kind: Kind, value: string): MappingExpression {
  if (kind === "path") return { path: value };
  return kind === "template" ? { template: value } : { constant: value };
}

function withDefault(path: string, value: string): MappingExpression {
  return value === "" ? { path } : { path, default: value };
}
