import type { ComponentPropsWithRef } from "react";

interface ChoiceRowProps extends ComponentPropsWithRef<"input"> {
  type: "radio" | "checkbox";
  title: string;
  /** What choosing it means. */
  text?: string | undefined;
}

/** One choice with what it means; all of it can be clicked. */
export function ChoiceRow({ title, text, className = "", ...input }: ChoiceRowProps) {
  return (
    <label className={`flex gap-3 ${className}`}>
      <input {...input} className="check mt-0.5" />
      <span className="min-w-0">
        <span className="block text-sm font-medium">{title}</span>
        {text !== undefined && <span className="block text-[0.8125rem] text-muted">{text}</span>}
      </span>
    </label>
  );
}

/** How rows of choices look that stand in one frame. */
export const framed = "px-3 py-2 hover:bg-raised has-checked:bg-accent-soft";
