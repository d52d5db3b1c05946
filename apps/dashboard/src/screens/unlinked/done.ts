/** What somebody did with a booking of the list, so that it can be undone. */
export interface Done {
  readonly kind: "linked" | "dismissed";
  readonly bookingId: string;
  /** In words. */
  readonly text: string;
}
