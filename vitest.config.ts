import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const excluded = ["**/node_modules/**", "**/dist/**"];
/** Folders of the server whose tests need no database. */
const databaseFree = [
  "apps/server/src/{domain,connectors}/**/*.test.ts",
  // Counts the process's timers.
  "apps/server/src/db/local-wake.test.ts",
];

/** Short files that take long, because they start one hub after another. */
const longFiles = /e2e\/(everything-at-once|kill|hopping-readers|launcher)\.test\.ts$/;

/** Starts long files first, so that no worker is left with one at the end; vitest goes by size. */
class LongFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification): boolean => longFiles.test(moduleId);
    // oxlint-disable-next-line unicorn/no-array-sort -- it is no array
    const bySize = await super.sort(files);
    return [...bySize.filter(isLong), ...bySize.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    pool: "forks",
    maxWorkers: 2,
    sequence: { sequencer: LongFilesFirst },
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
