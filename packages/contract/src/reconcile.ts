import { z } from "zod";
import { instantInputSchema, instantSchema, pageQuerySchema } from "./list.ts";

export const reconcileStatuses = ["queued", "running", "done", "failed", "cancelled"] as const;

export type ReconcileStatus = (typeof reconcileStatuses)[number];

/** One comparison of the ledger with what a source's API tells. */
export const reconcileRunSchema = z.object({
  id: z.uuid(),
  connection_id: z.uuid(),
  /** Who began it: the clock, a person or a program, or a message of the source. */
  trigger: z.enum(["schedule", "manual", "message"]),
  /** Who asked for it; null for the clock and messages. */
  requested_by: z.string().nullable(),
  /** Why a message asked for it. */
  reason: z.string().nullable(),
  /** It only looks, and repairs nothing. */
  dry_run: z.boolean(),
  /** The bookings that start in this window are compared … */
  from: instantSchema,
  to: instantSchema,
  /** … or those of one series, or one booking by its id at the source. */
  series_ref: z.string().nullable(),
  uid: z.string().nullable(),
  status: z.enum(reconcileStatuses),
  /** Bookings that were compared. */
  checked: z.int(),
  /** Of them: told in both places alike. */
  same: z.int(),
  /** Unknown here. */
  missing: z.int(),
  /** Told in other words here. */
  different: z.int(),
  /** Over here and alive there. */
  phantoms: z.int(),
  /** Alive here and unknown there. */
  gone: z.int(),
  /** Of the missing, different, phantoms and gone: what was put right. */
  repaired: z.int(),
  /** Of them, and of what could not be read: what is still so. */
  still_different: z.int(),
  /** Why it failed, or what it waits for. */
  error_code: z.string().nullable(),
  error: z.string().nullable(),
  /** When a run that waits goes on. */
  next_attempt_at: instantSchema.nullable(),
  created_at: instantSchema,
  started_at: instantSchema.nullable(),
  finished_at: instantSchema.nullable(),
});

export type ReconcileRunResource = z.infer<typeof reconcileRunSchema>;

/** What a run found out about one booking. */
export const reconcileFindingSchema = z.object({
  id: z.uuid(),
  run_id: z.uuid(),
  /** Its id at the source; null when even that could not be read. */
  uid: z.string().nullable(),
  booking_id: z.uuid().nullable(),
  booking_number: z.int().nullable(),
  /** What it is called. */
  label: z.string(),
  /**
   * `missing`: unknown here. `different`. `phantom`: cancelled or rejected here, alive at the
   * source. `gone`: alive here, unknown to the source. `unreadable`: in an unknown form.
   */
  kind: z.enum(["missing", "different", "phantom", "gone", "unreadable"]),
  /** `found` by a dry run, which changes nothing; `repaired`; `open`: it is still so. */
  outcome: z.enum(["found", "repaired", "open"]),
  /** What differed, by the names of a booking's members. `before` is the hub's. */
  fields: z.array(z.object({ name: z.string(), before: z.unknown(), after: z.unknown() })),
  /** Why it is still so, or what was done. */
  reason: z.string().nullable(),
  created_at: instantSchema,
});

export type ReconcileFindingResource = z.infer<typeof reconcileFindingSchema>;

/** How many days at once can be compared. */
export const MAX_RECONCILE_DAYS = 400;
const DAY = 24 * 60 * 60 * 1000;

export const startReconcileSchema = z
  .strictObject({
    /** A day ago unless given. */
    from: instantInputSchema.optional(),
    /** 90 days from now unless given. */
    to: instantInputSchema.optional(),
    /** Only looks, and repairs nothing. */
    dry_run: z.boolean().default(false),
  })
  .refine(
    ({ from, to }) => {
      if (from === undefined || to === undefined) return true;
      const length = Date.parse(to) - Date.parse(from);
      return length > 0 && length <= MAX_RECONCILE_DAYS * DAY;
    },
    { path: ["to"], message: `At most ${MAX_RECONCILE_DAYS} days behind \`from\`.` },
  );

export type StartReconcile = z.input<typeof startReconcileSchema>;

export const reconcileRunListQuerySchema = pageQuerySchema.extend({
  connection_id: z.uuid().optional(),
});

export type ReconcileRunListQuery = z.infer<typeof reconcileRunListQuerySchema>;
