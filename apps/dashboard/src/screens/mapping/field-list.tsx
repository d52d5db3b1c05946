import type { Sample } from "@slotwire/contract";
import { mappingWords } from "../../messages/mapping.ts";
import type { EditProps } from "./edit-props.ts";
import { fieldGroups } from "./field-groups.ts";
import { FieldRow } from "./field-row.tsx";

/** Our fields with what is read for each. */
export function FieldList({ sample, ...edit }: EditProps & { sample: Sample | undefined }) {
  return (
    <div className="space-y-5">
      {fieldGroups.map(({ group, fields }) => (
        <div key={group}>
          <h3 className="eyebrow mb-1">{mappingWords.groups[group]}</h3>
          <ul className="divide-y divide-line rounded-lg border border-line">
            {fields.map((field) => (
              <li key={field}>
                <FieldRow
                  {...edit}
                  own={field}
                  note={mappingWords.notes[field]}
                  fields={sample?.fields ?? []}
                />
              </li>
            ))}
          </ul>
        </div>
      ))}
    </div>
  );
}
