import { useId } from "react";

interface SliderProps {
  label: string;
  value: number;
  least?: number;
  most: number;
  /** What the value means. */
  words: string;
  onChange: (value: number) => void;
}

/** A value between two ends, with what it means beside it. */
export function Slider({ label, value, least = 0, most, words, onChange }: SliderProps) {
  const id = useId();
  return (
    <div>
      <div className="flex items-baseline justify-between gap-3 text-sm">
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        <span aria-hidden="true" className="text-right text-muted">
          {words}
        </span>
      </div>
      <input
        id={id}
        type="range"
        min={least}
        max={most}
        value={value}
        aria-valuetext={words}
        onChange={(event) => onChange(event.target.valueAsNumber)}
        className="mt-1 h-6 w-full accent-accent"
      />
    </div>
  );
}
