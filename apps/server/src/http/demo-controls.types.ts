import type { ChangeDemo, DemoResource, DemoTestResult } from "@slotwire/contract";
import type { Author } from "../access/record-audit.ts";

/** What the API does with the demo: its room, which lies above this one, gives it. */
export interface DemoControls {
  readonly orgId: string;
  /** @param after tells of the visits that changed after this change; of none when undefined */
  read(after: number | undefined): Promise<DemoResource>;
  change(by: Author, input: ChangeDemo): Promise<DemoResource>;
  /**
   * Lets so much happen at once.
   * @throws SlotwireError E_CONFLICT while the former is still under way
   */
  begin(count: number): Promise<DemoResource>;
  /** Stops what was begun; what has happened has happened. */
  cancel(): Promise<DemoResource>;
  testWebhook(signature: "right" | "wrong"): Promise<DemoTestResult>;
}

/** Where the demo of this process stands, once it has been started. */
export interface DemoPlace {
  controls: DemoControls | null;
}
