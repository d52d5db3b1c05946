import type { ConnectionMapping, ConnectionResource, Mapping, Sample } from "@slotwire/contract";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { hub } from "../../api/hub.ts";
import { mappingWords } from "../../messages/mapping.ts";
import { Button } from "../../parts/button.tsx";
import { Chip } from "../../parts/chip.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { Section } from "../../parts/section.tsx";
import { isSameMapping, type Target, withChosen, withExpression } from "./draft.ts";
import type { EditProps } from "./edit-props.ts";
import { FieldList } from "./field-list.tsx";
import { Formats } from "./formats.tsx";
import { GoLive } from "./go-live.tsx";
import { History } from "./history.tsx";
import { MetadataList } from "./metadata-list.tsx";
import { readingsQuery } from "./queries.ts";
import { SamplePanel } from "./sample-panel.tsx";
import { Trial } from "./trial.tsx";
import { Words } from "./words.tsx";

interface MappingBuilderProps {
  connection: ConnectionResource;
  samples: readonly Sample[];
  live: ConnectionMapping;
  /** What to begin with. */
  start: Mapping;
  /** Whether that was guessed. */
  isSuggested: boolean;
}

/** A message on the one side, our fields on the other; below, trying it and going live. */
export function MappingBuilder(props: MappingBuilderProps) {
  const { connection, samples, live } = props;
  const { edit, chosen, setChosen, isSuggested, take, suggest } = useDraft(props);
  const { draft, target, onChange } = edit;
  const isLive = isSameMapping(draft, live.mapping);
  return (
    <div className="space-y-6">
      <div className="grid gap-6 lg:grid-cols-[minmax(0,22rem)_minmax(0,1fr)] lg:items-start xl:grid-cols-[minmax(0,27rem)_minmax(0,1fr)]">
        {chosen && (
          <SamplePanel
            samples={withChosen(samples, chosen)}
            sample={chosen}
            onSample={setChosen}
            draft={draft}
            target={target}
            onPick={(path) => {
              if (target !== null) onChange(withExpression(draft, target, { path }));
            }}
          />
        )}
        <Section
          title={mappingWords.edit}
          text={isSuggested && !isLive ? mappingWords.suggested : undefined}
          state={<State live={live} isLive={isLive} />}
        >
          <FieldList {...edit} sample={chosen} />
          <div className="mt-6 space-y-6">
            <Words {...edit} />
            <Formats draft={draft} onChange={onChange} />
            <MetadataList {...edit} sample={chosen} />
          </div>
          <Suggest onSuggest={suggest} />
        </Section>
      </div>
      <Trial connectionId={connection.id} draft={draft} />
      <GoLive connectionId={connection.id} draft={draft} live={live} isLive={isLive} />
      <History live={live} onLoad={take} />
    </div>
  );
}

/** The mapping that is being made, and what it reads from the chosen sample. */
function useDraft({ connection, samples, start, ...props }: MappingBuilderProps) {
  const [draft, setDraft] = useState(start);
  const [target, setTarget] = useState<Target | null>(null);
  const [chosen, setChosen] = useState(samples[0]);
  const [isSuggested, setIsSuggested] = useState(props.isSuggested);
  const read = useDeferredValue(draft);
  const query = useQuery(readingsQuery(connection.id, chosen?.message_id ?? "", read));
  const edit: EditProps = {
    draft,
    onChange: setDraft,
    target,
    onTarget: setTarget,
    readings: query.data?.messages[0]?.readings ?? [],
    samples,
  };
  const take = (mapping: Mapping) => {
    setDraft(mapping);
    setIsSuggested(false);
  };
  const suggest = async () => {
    const { mapping } = await hub.connections.suggestMapping(connection.id);
    setDraft(mapping);
    setIsSuggested(true);
  };
  return { edit, chosen, setChosen, isSuggested, take, suggest };
}

/** Gives up the draft for a fresh guess. */
function Suggest({ onSuggest }: { onSuggest: () => Promise<void> }) {
  const suggest = useMutation({ mutationFn: onSuggest });
  return (
    <div className="mt-5 space-y-3">
      {suggest.error && <ProblemPanel error={suggest.error} />}
      <Button icon="retry" disabled={suggest.isPending} onClick={() => suggest.mutate()}>
        {mappingWords.suggest}
      </Button>
    </div>
  );
}

function State({ live, isLive }: { live: ConnectionMapping; isLive: boolean }) {
  const { state } = mappingWords;
  if (live.version === 0) return <Chip look={{ tone: "warn", icon: "clock" }}>{state.none}</Chip>;
  if (isLive) return <Chip look={{ tone: "ok", icon: "check" }}>{state.live(live.version)}</Chip>;
  return <Chip look={{ tone: "info", icon: "edit" }}>{state.changed(live.version)}</Chip>;
}
