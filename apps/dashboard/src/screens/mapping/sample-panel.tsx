import type { Mapping, Sample } from "@slotwire/contract";
import { mappingWords } from "../../messages/mapping.ts";
import { FormField } from "../../parts/form-field.tsx";
import { useSession } from "../../session/use-session.ts";
import type { Target } from "./draft.ts";
import { nameOf } from "./name-of.ts";
import { SampleTree } from "./sample-tree.tsx";

interface SamplePanelProps {
  samples: readonly Sample[];
  sample: Sample;
  onSample: (sample: Sample | undefined) => void;
  draft: Mapping;
  target: Target | null;
  onPick: (path: string) => void;
}

/** The message that is taken as an example, with its values to choose from. */
export function SamplePanel(props: SamplePanelProps) {
  const { samples, sample, onSample, draft, target, onPick } = props;
  const { grants } = useSession();
  const words = mappingWords.sample;
  return (
    <section aria-label={words.title} className="panel p-4 sm:p-5 lg:sticky lg:top-4">
      <FormField label={words.pick}>
        {(ids) => (
          <select
            {...ids}
            className="field"
            value={sample.message_id}
            onChange={({ target: { value } }) =>
              onSample(samples.find(({ message_id: id }) => id === value))
            }
          >
            {samples.map((one) => (
              <option key={one.message_id} value={one.message_id}>
                {words.of(one.trigger, one.count)}
              </option>
            ))}
          </select>
        )}
      </FormField>
      <p className={`mt-3 mb-1.5 text-sm ${target === null ? "text-muted" : "text-accent"}`}>
        {target === null ? words.noField : words.hint(nameOf(target))}
      </p>
      {grants["inbox:read"] === "ids" && (
        <p className="mb-1.5 text-sm text-muted">{words.hidden}</p>
      )}
      <SampleTree
        key={sample.message_id}
        fields={sample.fields}
        draft={draft}
        target={target}
        onPick={onPick}
      />
    </section>
  );
}
