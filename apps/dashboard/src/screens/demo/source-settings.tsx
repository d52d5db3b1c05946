import type { ChangeDemo, DemoResource, DemoSettings } from "@slotwire/contract";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { demo as words } from "../../messages/demo.ts";
import { Button } from "../../parts/button.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { Section } from "../../parts/section.tsx";
import { demoApi } from "./demo-api.ts";
import { Slider } from "./slider.tsx";
import { useForgetWhenBack } from "./use-forget-when-back.ts";

const text = words.source;

/** Things that happen in a minute: what the slider can be set to. */
const paces = [0, 6, 15, 30, 60, 300, 1_200, 3_000, 6_000, 12_000, 18_000];
/** Whoever moves a slider is done when it has stood still for so long. Milliseconds. */
const STANDS_STILL = 300;

interface SourceSettingsProps {
  demo: DemoResource;
  onChanged: (answer: DemoResource) => void;
}

/** How the source behaves. */
export function SourceSettings({ demo, onChanged }: SourceSettingsProps) {
  const change = useMutation({ mutationFn: demoApi.change, onSuccess: onChanged });
  useForgetWhenBack(change);
  const { shown, set, reset } = useDraft(demo, change.mutate);
  const percent = (name: keyof DemoSettings, label: string, most = 100) => (
    <Slider
      label={label}
      value={shown[name]}
      most={most}
      words={text.percent(shown[name])}
      onChange={(value) => set({ [name]: value })}
    />
  );
  return (
    <Section title={text.title} text={text.text}>
      <div className="space-y-4">
        {percent("duplicate_percent", text.duplicate)}
        {percent("delay_percent", text.delay)}
        <Slider
          label={text.delaySeconds}
          value={shown.delay_seconds}
          least={1}
          most={60}
          words={text.seconds(shown.delay_seconds)}
          onChange={(delay_seconds) => set({ delay_seconds })}
        />
        {percent("reorder_percent", text.reorder)}
        {percent("fail_percent", text.fail, 90)}
        <Slider
          label={text.pace}
          value={stepOf(shown.per_minute)}
          most={paces.length - 1}
          words={text.paces(shown.per_minute)}
          onChange={(step) => set({ per_minute: paces[step] ?? 0 })}
        />
        <Button icon="retry" onClick={reset}>
          {text.reset}
        </Button>
        {change.error && <ProblemPanel error={change.error} />}
      </div>
    </Section>
  );
}

/** The step of the slider that comes closest. */
function stepOf(perMinute: number): number {
  const step = paces.findLastIndex((pace) => pace <= perMinute);
  return Math.max(0, step);
}

/** The settings with those that are being changed; these are sent when they stand still. */
function useDraft(demo: DemoResource, send: (change: ChangeDemo) => void) {
  const [draft, setDraft] = useState<Partial<DemoSettings>>({});
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const { settings } = demo;
  // What has arrived is no longer a draft.
  const names = Object.keys(draft) as (keyof DemoSettings)[];
  if (names.length > 0 && names.every((name) => draft[name] === settings[name])) setDraft({});
  const set = (change: Partial<DemoSettings>): void => {
    const next = { ...draft, ...change };
    setDraft(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => send(next), STANDS_STILL);
  };
  return {
    shown: { ...settings, ...draft },
    set,
    reset: () => set(demo.usual_settings),
  };
}
