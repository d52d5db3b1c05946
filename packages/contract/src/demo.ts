import { z } from "zod";
import { bookingStatuses } from "./status.ts";
import { instantSchema } from "./list.ts";

/** How many things may be made happen at once, and how many visits one answer tells of. */
export const demoLimits = { happenings: 10_000, visits: 1_000 } as const;

const percent = z.int().min(0).max(100);

/** How the demo's simulated source behaves. */
export const demoSettingsSchema = z.strictObject({
  /** Things that happen in a minute: at 0 the source rests. */
  per_minute: z.int().min(0).max(18_000),
  /** Of a hundred messages, how many are posted twice, or reported by a second subscription. */
  duplicate_percent: percent,
  /** Of a hundred messages, how many are held back for a while … */
  delay_percent: percent,
  /** … and for how many seconds at the most. */
  delay_seconds: z.int().min(1).max(60),
  /** Of a hundred messages, how many are overtaken by later ones. */
  reorder_percent: percent,
  /**
   * Of a hundred posts, how many fail: one half is lost on the way, of the other half the answer.
   * The source posts such a message again. Not all of them, or nothing would ever arrive.
   */
  fail_percent: z.int().min(0).max(90),
});

export type DemoSettings = z.infer<typeof demoSettingsSchema>;

export const changeDemoSchema = demoSettingsSchema.partial();

export type ChangeDemo = z.infer<typeof changeDemoSchema>;

/** What the source has done since the demo was started. */
export const demoCountsSchema = z.object({
  /** Things that happened at the source; each causes one message. */
  happened: z.int(),
  /** Requests that the source made, the lost ones included. */
  posted: z.int(),
  /** Messages that were posted once more on purpose. */
  posted_twice: z.int(),
  /** Requests that never reached the hub. */
  lost_on_the_way: z.int(),
  /** Requests that the hub took without the source hearing of it. */
  answers_lost: z.int(),
  /** Requests whose success the source heard of. */
  taken: z.int(),
  /** Requests that the hub itself refused. */
  refused: z.int(),
  /** Messages that were refused so often that the source gave them up. */
  given_up: z.int(),
  /** Messages that are held back, or on their way, now. */
  held_back: z.int(),
});

export type DemoCounts = z.infer<typeof demoCountsSchema>;

/** A visit as it truly is at the source. */
export const demoVisitSchema = z.object({
  id: z.string(),
  /** The ids that it had at the source, the present one last. */
  uids: z.array(z.string()),
  status: z.enum(bookingStatuses),
  starts_at: instantSchema,
  ends_at: instantSchema,
});

export type DemoVisit = z.infer<typeof demoVisitSchema>;

export const demoQuerySchema = z.strictObject({
  /** Tells of the visits that changed after this `change`; of none when absent. */
  after: z.coerce.number().int().min(0).optional(),
});

/** `GET /api/v1/demo`: the simulated source, and the truth that everything is compared with. */
export const demoSchema = z.object({
  /** Another one each time that the demo is started: counts and changes begin at nothing then. */
  run_id: z.uuid(),
  /** When that was … */
  began_at: instantSchema,
  /** … and the newest position of the event log then: what the source does lies behind it. */
  began_position: z.int(),
  connection_id: z.uuid(),
  destination_id: z.uuid(),
  settings: demoSettingsSchema,
  usual_settings: demoSettingsSchema,
  counts: demoCountsSchema,
  /** What was asked to happen at once, and how far it is; null when nothing was. */
  burst: z
    .object({
      state: z.enum(["running", "done", "cancelled"]),
      asked: z.int(),
      happened: z.int(),
    })
    .nullable(),
  /** The number of the last change at the source that this answer tells of. */
  change: z.int(),
  /** Visits that changed, the oldest change first, each as it is now. */
  visits: z.array(demoVisitSchema),
  /** Whether there are further ones behind `change`. */
  more: z.boolean(),
  /** Visits about which a message is still held back or on its way. */
  open_visits: z.array(z.string()),
  /** Messages that the hub has taken and not yet made something of. */
  unprocessed: z.int(),
  /** The newest position of the event log, read after all of the above. */
  position: z.int(),
});

export type DemoResource = z.infer<typeof demoSchema>;

export const beginDemoHappeningsSchema = z.strictObject({
  count: z.int().min(1).max(demoLimits.happenings),
});

export const demoTestWebhookSchema = z.strictObject({
  /** Whether the message is signed with the connection's secret, or with another one. */
  signature: z.enum(["right", "wrong"]).default("right"),
});

export type DemoTestWebhook = z.input<typeof demoTestWebhookSchema>;

/** What the hub answered to a test message. */
export const demoTestResultSchema = z.object({
  /** HTTP status; null when nobody answered. */
  status: z.int().nullable(),
  /** What was made of it, when it was taken. */
  action: z.string().nullable(),
  /** Why it was refused, when it was. */
  code: z.string().nullable(),
  title: z.string().nullable(),
  /** The message in the inbox; null for one that was not let in. */
  message_id: z.uuid().nullable(),
});

export type DemoTestResult = z.infer<typeof demoTestResultSchema>;
