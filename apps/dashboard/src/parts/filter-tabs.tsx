import { t } from "../messages/messages.ts";

interface FilterTabsProps<Value extends string> {
  label: string;
  values: readonly Value[];
  words: Readonly<Record<Value, string>>;
  /** The chosen value; undefined for all. */
  value: Value | undefined;
  onChange: (value: Value | undefined) => void;
}

/** Narrows a list to one state: a row of buttons that can be scrolled when it does not fit. */
export function FilterTabs<Value extends string>(props: FilterTabsProps<Value>) {
  const { label, values, words, value, onChange } = props;
  return (
    <fieldset aria-label={label} className="flex min-w-0 flex-wrap gap-1">
      {[undefined, ...values].map((one) => (
        <button
          key={one ?? "all"}
          type="button"
          aria-pressed={value === one}
          onClick={() => onChange(one)}
          className="h-8 rounded-full px-2.5 text-sm font-medium whitespace-nowrap text-muted hover:bg-sunken hover:text-ink aria-pressed:bg-ink aria-pressed:text-canvas"
        >
          {one === undefined ? t.app.all : words[one]}
        </button>
      ))}
    </fieldset>
  );
}
