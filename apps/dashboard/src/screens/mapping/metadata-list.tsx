import { MAX_MAPPED_METADATA, type Sample } from "@slotwire/contract";
import { useState } from "react";
import { mappingWords } from "../../messages/mapping.ts";
import { Button } from "../../parts/button.tsx";
import type { EditProps } from "./field-list.tsx";
import { FieldRow } from "./field-row.tsx";

/** What else is kept with the booking, by names that people give. */
export function MetadataList(props: EditProps & { sample: Sample | undefined }) {
  const { sample, ...edit } = props;
  const words = mappingWords.metadata;
  const [name, setName] = useState("");
  const [added, setAdded] = useState<readonly string[]>([]);
  const names = [...new Set([...Object.keys(edit.draft.metadata), ...added])];
  const add = () => {
    const given = name.trim();
    if (given === "") return;
    setAdded([...added, given]);
    setName("");
    edit.onTarget(`metadata.${given}`);
  };
  return (
    <div>
      <h3 className="eyebrow mb-1">{words.title}</h3>
      <p className="mb-1.5 text-sm text-muted">{words.text}</p>
      <ul className="divide-y divide-line rounded-lg border border-line">
        {names.map((one) => (
          <li key={one}>
            <FieldRow {...edit} own={`metadata.${one}`} fields={sample?.fields ?? []} />
          </li>
        ))}
        {names.length < MAX_MAPPED_METADATA && (
          <li className="flex gap-2 px-3 py-2">
            <input
              className="field min-w-0 flex-1 text-sm"
              aria-label={words.name}
              placeholder={words.name}
              value={name}
              maxLength={100}
              onChange={(event) => setName(event.target.value)}
              onKeyDown={(event) => {
                if (event.key === "Enter") add();
              }}
            />
            <Button icon="plus" onClick={add}>
              {words.add}
            </Button>
          </li>
        )}
      </ul>
    </div>
  );
}
