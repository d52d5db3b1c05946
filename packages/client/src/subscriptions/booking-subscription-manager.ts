/** In a browser it is there only where a bundler has put the value in. */
declare const process: { readonly env: { readonly NODE_ENV?: string } };

/** What the functions `subscribeTo…` have subscribed, in this program or page. */
export interface BookingSubscriptionManager {
  readonly getActiveSubscriptionCount: () => number;
  /** Their ids, such as `booking:<id>#1`, oldest first. */
  readonly getActiveSubscriptions: () => string[];
  readonly unsubscribeAll: () => void;
}

/** More than these are seldom meant. */
const MANY = 10;

const active = new Map<string, () => void>();
let made = 0;
let hasWarned = false;

export const bookingSubscriptionManager: BookingSubscriptionManager = {
  getActiveSubscriptionCount: () => active.size,
  getActiveSubscriptions: () => [...active.keys()],
  unsubscribeAll() {
    for (const unsubscribe of active.values()) unsubscribe();
  },
};

/** Puts the manager where the console of a browser finds it: `window.bookingSubscriptionManager`. */
export function exposeForDebugging(): void {
  Object.assign(globalThis, { bookingSubscriptionManager });
}

/** The same, in development alone. */
export function exposeInDevelopment(): void {
  try {
    // Bundlers replace this, and leave the call out of what is made for production.
    if (process.env.NODE_ENV === "development") exposeForDebugging();
  } catch {
    // Without a bundler, a browser has no `process`.
  }
}

/**
 * Enters a subscription. @param unsubscribe what ends it
 * @returns a function that ends and forgets it, once
 */
export function enterSubscription(kind: string, id: string, unsubscribe: () => void): () => void {
  const name = `${kind}:${id}#${(made += 1)}`;
  const leave = (): void => {
    if (active.delete(name)) unsubscribe();
  };
  active.set(name, leave);
  if (active.size > MANY && !hasWarned) {
    hasWarned = true;
    // oxlint-disable-next-line no-console -- for whoever writes the page, where they look
    console.warn(`${active.size} booking subscriptions are active: unsubscribe what is not shown.`);
  }
  return leave;
}
