import type { DemoResource } from "@slotwire/contract";
import { useMutation } from "@tanstack/react-query";
import { fieldError } from "../../api/field-error.ts";
import { demo as words } from "../../messages/demo.ts";
import { Button } from "../../parts/button.tsx";
import { Chip, type Look } from "../../parts/chip.tsx";
import { FormField } from "../../parts/form-field.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { Section } from "../../parts/section.tsx";
import { textIn } from "../../parts/text-in.ts";
import { demoApi } from "./demo-api.ts";
import { useForgetWhenBack } from "./use-forget-when-back.ts";

const text = words.burst;
const MOST = 10_000;
const USUAL = 500;

/** The bar in the page's colours, which each engine has another name for. */
const bar =
  "block h-2 w-full appearance-none overflow-hidden rounded-full border-0 bg-sunken [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-sunken [&::-webkit-progress-value]:bg-accent";

type State = NonNullable<DemoResource["burst"]>["state"];

const looks: Readonly<Record<State, Look>> = {
  running: { tone: "busy", icon: "play" },
  done: { tone: "ok", icon: "check" },
  cancelled: { tone: "quiet", icon: "cross" },
};

interface BurstProps {
  demo: DemoResource;
  onChanged: (answer: DemoResource) => void;
}

/** Lets many things happen at once, and stops it. */
export function Burst({ demo: { burst }, onChanged }: BurstProps) {
  const begin = useMutation({ mutationFn: demoApi.begin, onSuccess: onChanged });
  const cancel = useMutation({ mutationFn: demoApi.cancel, onSuccess: onChanged });
  useForgetWhenBack(begin);
  useForgetWhenBack(cancel);
  const isRunning = burst?.state === "running";
  const wrong = fieldError(begin.error, "count");
  return (
    <Section
      title={text.title}
      text={text.text}
      state={burst && <Chip look={looks[burst.state]}>{text.states[burst.state]}</Chip>}
    >
      <form
        className="flex flex-wrap items-end gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isRunning) begin.mutate(Number(textIn(new FormData(event.currentTarget), "count")));
        }}
      >
        <div className="w-32">
          <FormField label={text.count} error={wrong}>
            {(ids) => (
              <input
                {...ids}
                type="number"
                name="count"
                required
                min={1}
                max={MOST}
                defaultValue={USUAL}
                className="field"
              />
            )}
          </FormField>
        </div>
        {isRunning ? (
          <Button icon="cross" className="min-h-10" onClick={() => cancel.mutate()}>
            {text.cancel}
          </Button>
        ) : (
          <Button type="submit" weight="primary" icon="play" className="min-h-10">
            {text.begin}
          </Button>
        )}
      </form>
      {burst && (
        <div className="mt-4">
          <progress
            aria-label={text.title}
            value={burst.happened}
            max={burst.asked}
            className={bar}
          />
          <p className="mt-1 text-sm text-muted">{text.progress(burst.happened, burst.asked)}</p>
        </div>
      )}
      <div className="mt-4 space-y-4 empty:hidden">
        {begin.error && wrong === undefined && <ProblemPanel error={begin.error} />}
        {cancel.error && <ProblemPanel error={cancel.error} />}
      </div>
    </Section>
  );
}
