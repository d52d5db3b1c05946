import { MAX_MAPPED_METADATA, type Sample } from "@slotwire/contract";
import { useState } from "react";
import { mappingWords } from "../../messages/mapping.ts";
import { AddName } from "./add-name.tsx";
import type { EditProps } from "./edit-props.ts";
import { FieldRow } from "./field-row.tsx";

/** What else is kept with the booking, by names that people give. */
export function MetadataList(props: EditProps & { sample: Sample | undefined }) {
  const { sample, ...edit } = props;
  const words = mappingWords.metadata;
  const [added, setAdded] = useState<readonly string[]>([]);
  const names = [...new Set([...Object.keys(edit.draft.metadata), ...added])];
  const add = (name: string) => {
    setAdded([...added, name]);
    edit.onTarget(`metadata.${name}`);
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
          <li>
            <AddName label={words.name} action={words.add} onAdd={add} />
          </li>
        )}
      </ul>
    </div>
  );
}
