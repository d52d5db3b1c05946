import { t } from "../messages/messages.ts";
import { Pills } from "./pills.tsx";

interface FilterTabsProps<Value extends string> {
  label: string;
  values: readonly Value[];
  words: Readonly<Record<Value, string>>;
  /** The chosen value; undefined for all. */
  value: Value | undefined;
  onChange: (value: Value | undefined) => void;
}

/** Narrows a list to one state. */
export function FilterTabs<Value extends string>(props: FilterTabsProps<Value>) {
  const { values, words, ...rest } = props;
  return (
    <Pills<Value | undefined>
      {...rest}
      values={[undefined, ...values]}
      nameOf={(one) => (one === undefined ? t.app.all : words[one])}
    />
  );
}
