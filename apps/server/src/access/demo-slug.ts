/** The slug of the demo's organisation. No other has it: the demo fills the one that it finds. */
export const DEMO_SLUG = "demo";
