import type { BookingStatus } from "../domain/booking.ts";
import type { Groomer, PetOwner, Service } from "./demo-people.ts";

/** A visit as it truly is at the simulated source. Instants are RFC 3339 in UTC. */
export interface Visit {
  /** Cal.com's id for the booking now … */
  readonly uid: string;
  /** … and those that it had before it was moved, the oldest first. */
  readonly previousUids: readonly string[];
  /** Cal.com's numeric id; a new one with every uid. */
  readonly calcomId: number;
  readonly icalUid: string;
  readonly sequence: number;
  readonly status: BookingStatus;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly groomer: Groomer;
  readonly service: Service;
  readonly owner: PetOwner;
  readonly remark: string | null;
  readonly bookedAt: string;
  /** Of the last message about it: no two carry the same time. */
  readonly lastSaidAt: string;
}

/** What somebody books. */
export type VisitDraft = Pick<
  Visit,
  "startsAt" | "endsAt" | "groomer" | "service" | "owner" | "remark"
>;
