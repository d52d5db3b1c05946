import { ChoiceRow, framed } from "./choice-row.tsx";

interface RadioCardsProps<Value extends string> {
  legend: string;
  name: string;
  value: Value;
  /** What there is to choose, in order, and what each means. */
  words: Readonly<Partial<Record<Value, string>>>;
  texts?: Readonly<Record<Value, string>>;
  onChange: (value: Value) => void;
}

/** A choice of one among a few, each with what it means. */
export function RadioCards<Value extends string>(props: RadioCardsProps<Value>) {
  const { legend, name, value, words, texts, onChange } = props;
  const values = Object.keys(words) as Value[];
  return (
    <fieldset>
      <legend className="mb-1.5 text-sm font-medium">{legend}</legend>
      <div className="divide-y divide-line overflow-hidden rounded-lg border border-line">
        {values.map((one) => (
          <ChoiceRow
            key={one}
            type="radio"
            name={name}
            value={one}
            checked={value === one}
            onChange={() => onChange(one)}
            title={words[one] ?? one}
            text={texts?.[one]}
            className={framed}
          />
        ))}
      </div>
    </fieldset>
  );
}
