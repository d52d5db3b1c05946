import type { Author } from "../access/record-audit.ts";
import type { View } from "../domain/views/view.ts";

/** Who changes customers, and what they believe them to be. */
export interface CustomerCaller {
  /** What they see, and so what they may change. */
  readonly view: View;
  /** As the audit log names them. */
  readonly author: Author;
  /** The version that they saw; null for any. */
  readonly expectedVersion: number | null;
}
