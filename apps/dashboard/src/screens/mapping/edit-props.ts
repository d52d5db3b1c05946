import type { FieldReading, Mapping, Sample } from "@slotwire/contract";
import type { Target } from "./draft.ts";

/** What every part of the builder edits. */
export interface EditProps {
  draft: Mapping;
  onChange: (mapping: Mapping) => void;
  /** The field that is being edited. */
  target: Target | null;
  onTarget: (target: Target | null) => void;
  /** What the draft reads from the chosen sample. */
  readings: readonly FieldReading[];
  samples: readonly Sample[];
}
