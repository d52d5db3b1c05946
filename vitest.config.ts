import { defineConfig } from "vitest/config";

const excluded = ["**/node_modules/**", "**/dist/**"];
/** Folders of the server whose tests need no database. */
const databaseFree = [
  "apps/server/src/{domain,connectors}/**/*.test.ts",
  // Counts the process's timers.
  "apps/server/src/db/local-wake.test.ts",
];

export default defineConfig({
  test: {
    pool: "forks",
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: [
            "packages/*/src/**/*.test.{ts,tsx}",
            "apps/dashboard/src/**/*.test.{ts,tsx}",
            "scripts/**/*.test.ts",
            ...databaseFree,
          ],
          exclude: excluded,
        },
      },
      {
        extends: true,
        test: {
          name: "server",
          include: ["apps/server/{src,test}/**/*.test.ts"],
          exclude: [...excluded, ...databaseFree],
          globalSetup: ["apps/server/test/database-template.ts"],
          // What a file loads, its embedded database above all, is there for the next ones.
          isolate: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: "e2e",
          include: ["e2e/**/*.test.ts"],
          exclude: excluded,
          globalSetup: ["e2e/built-dashboard.ts", "apps/server/test/database-template.ts"],
          isolate: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
