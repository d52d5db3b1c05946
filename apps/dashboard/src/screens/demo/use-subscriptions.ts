import {
  bookingSubscriptionManager,
  subscribeToBookingEvents,
  subscribeToProviderBookingEvents,
  subscribeToUserBookingEvents,
} from "@slotwire/client";
import type { BookingEvent } from "@slotwire/contract";
import { useEffect, useRef, useState } from "react";
import { hub } from "../../api/hub.ts";

/** Something that can be followed by itself. */
export interface Choice {
  readonly kind: "booking" | "user" | "provider";
  readonly id: string;
  readonly name: string;
}

export interface ActiveSubscription extends Choice {
  readonly no: number;
  /** How many events it was told of. */
  readonly heard: number;
  /** What the last of them says; empty before the first. */
  readonly latest: string;
  readonly unsubscribe: () => void;
}

const subscribeTo = {
  booking: subscribeToBookingEvents,
  user: subscribeToUserBookingEvents,
  provider: subscribeToProviderBookingEvents,
} as const satisfies Record<Choice["kind"], unknown>;

let lastNo = 0;

/** The subscriptions that were made on this page; they end with it. */
export function useSubscriptions() {
  const [active, setActive] = useState<readonly ActiveSubscription[]>([]);
  const ends = useRef(new Map<number, () => void>());
  useEffect(() => {
    const all = ends.current;
    return () => {
      for (const end of all.values()) end();
      all.clear();
    };
  }, []);

  const unsubscribe = (no: number): void => {
    ends.current.get(no)?.();
    ends.current.delete(no);
    setActive((before) => before.filter((one) => one.no !== no));
  };
  const subscribe = (choice: Choice): void => {
    lastNo += 1;
    const no = lastNo;
    const onEvent = ({ description }: BookingEvent): void =>
      setActive((before) =>
        before.map((one) =>
          one.no === no ? { ...one, heard: one.heard + 1, latest: description } : one,
        ),
      );
    ends.current.set(no, subscribeTo[choice.kind](choice.id, onEvent, { client: hub }));
    const one = { ...choice, no, heard: 0, latest: "", unsubscribe: () => unsubscribe(no) };
    setActive((before) => [...before, one]);
  };
  const unsubscribeAll = (): void => {
    bookingSubscriptionManager.unsubscribeAll();
    ends.current.clear();
    setActive([]);
  };
  const count = bookingSubscriptionManager.getActiveSubscriptionCount();
  return { active, count, subscribe, unsubscribeAll };
}
