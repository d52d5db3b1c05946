import { access } from "../../messages/access.ts";
import { FormField } from "../../parts/form-field.tsx";
import { linesOf } from "../../parts/lines-of.ts";
import { textIn } from "../../parts/text-in.ts";

interface RangesFieldProps {
  value?: readonly string[] | null;
  error: string | undefined;
}

/** From which addresses something may be used; one range a line. */
export function RangesField({ value, error }: RangesFieldProps) {
  return (
    <FormField label={access.form.ranges} hint={access.form.rangesHint} error={error}>
      {(ids) => (
        <textarea
          {...ids}
          name="allowed_ranges"
          rows={3}
          spellCheck={false}
          defaultValue={value?.join("\n") ?? ""}
          className="field font-mono text-[0.8125rem]"
        />
      )}
    </FormField>
  );
}

/** What `RangesField` says; null is from anywhere. */
export function rangesInForm(form: FormData): string[] | null {
  const ranges = linesOf(textIn(form, "allowed_ranges"));
  return ranges.length === 0 ? null : ranges;
}
