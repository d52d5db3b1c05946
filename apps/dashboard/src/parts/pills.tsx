interface PillsProps<Value extends string | undefined> {
  label: string;
  values: readonly Value[];
  nameOf: (value: Value) => string;
  value: Value;
  onChange: (value: Value) => void;
}

/** One of a few things, as a row of buttons that wraps where it does not fit. */
export function Pills<Value extends string | undefined>(props: PillsProps<Value>) {
  const { label, values, nameOf, value, onChange } = props;
  return (
    <fieldset aria-label={label} className="flex min-w-0 flex-wrap gap-1">
      {values.map((one) => (
        <button
          key={one ?? "all"}
          type="button"
          aria-pressed={one === value}
          onClick={() => onChange(one)}
          className="h-8 rounded-full px-2.5 text-sm font-medium whitespace-nowrap text-muted hover:bg-sunken hover:text-ink aria-pressed:bg-ink aria-pressed:text-canvas"
        >
          {nameOf(one)}
        </button>
      ))}
    </fieldset>
  );
}
