/** Everything that `CalComEmbedWithPrefill` says; the booking form itself is Cal.com's. */
export interface CalComLabels {
  readonly search: string;
  readonly searchHint: string;
  readonly pets: string;
  readonly found: (count: number) => string;
  readonly more: string;
  readonly noPet: string;
  readonly loadingPets: string;
  readonly nobody: string;
  readonly noMatch: (query: string) => string;
  readonly petsFailed: string;
  readonly retry: string;
  readonly bookingFor: string;
  readonly change: string;
  readonly loadingForm: string;
  readonly formTitle: (name: string) => string;
  readonly blocked: string;
  readonly unavailable: string;
  readonly slow: string;
  readonly openForm: string;
}

export const englishCalComLabels: CalComLabels = {
  search: "Who is the visit for?",
  searchHint: "Pet or owner",
  pets: "Pets",
  found: (count) => (count === 1 ? "1 found" : `${count} found`),
  more: "There are more: type to find them.",
  noPet: "no pet",
  loadingPets: "Looking…",
  nobody: "There are no customers yet. Add one with a pet, then book.",
  noMatch: (query) => `No pet or owner matches “${query}”.`,
  petsFailed: "The pets could not be loaded.",
  retry: "Try again",
  bookingFor: "Booking for",
  change: "Change",
  loadingForm: "Loading the booking form…",
  formTitle: (name) => `Booking form for ${name}`,
  blocked:
    "The booking form could not be loaded: the connection or a blocker keeps Cal.com from this page.",
  unavailable: "Cal.com does not offer this booking form here.",
  slow: "The booking form takes long to load.",
  openForm: "Open the filled booking page",
};
