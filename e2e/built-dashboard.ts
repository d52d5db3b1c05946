import { buildDashboard } from "../scripts/build-dashboard.mjs";

/** Vitest's global set-up: builds the dashboard once for all files, when its sources changed. */
export const setup = buildDashboard;
