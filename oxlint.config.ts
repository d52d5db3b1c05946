import { existsSync, readdirSync } from "node:fs";
import { defineConfig } from "oxlint";
import { roomRules } from "./scripts/room-rules.ts";

const connectorsFolder = new URL("apps/server/src/connectors/", import.meta.url);
const connectors = existsSync(connectorsFolder)
  ? readdirSync(connectorsFolder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
  : [];

export default defineConfig({
  plugins: ["eslint", "typescript", "unicorn", "oxc", "import", "promise", "node"],
  categories: { correctness: "error", suspicious: "error" },
  env: { builtin: true },
  options: { typeAware: true, reportUnusedDisableDirectives: "error" },
  ignorePatterns: ["**/dist/**", "data/**", "coverage/**"],
  rules: {
    // Rules of those categories that cost more here than they find, or speak of other libraries.
    "import/no-named-as-default": "off",
    "import/no-named-as-default-member": "off",
    "import/no-unassigned-import": "off",
    "oxc/no-async-endpoint-handlers": "off",
    "promise/always-return": "off",
    "typescript/consistent-return": "off",
    "typescript/no-unnecessary-type-parameters": "off",
    "typescript/no-unsafe-type-assertion": "off",
    "unicorn/consistent-function-scoping": "off",

    eqeqeq: ["error", "always", { null: "ignore" }],
    "no-console": "error",
    "no-else-return": "error",
    "no-param-reassign": "error",
    "no-var": "error",
    "prefer-const": "error",
    "prefer-template": "error",
    "object-shorthand": "error",
    "import/no-cycle": "error",
    "import/no-default-export": "error",
    "import/no-duplicates": "error",
    "node/no-process-env": "error",
    "typescript/no-explicit-any": "error",
    "typescript/no-floating-promises": "error",
    "typescript/no-misused-promises": "error",
    "typescript/no-deprecated": "error",
    "typescript/no-non-null-assertion": "error",
    "typescript/no-unsafe-assignment": "error",
    "typescript/no-unsafe-argument": "error",
    "typescript/no-unsafe-call": "error",
    "typescript/no-unsafe-member-access": "error",
    "typescript/no-unsafe-return": "error",
    "typescript/only-throw-error": "error",
    "typescript/switch-exhaustiveness-check": [
      "error",
      { considerDefaultExhaustiveForUnions: true },
    ],
    "typescript/consistent-type-imports": "error",
    "typescript/prefer-readonly": "error",
    "typescript/return-await": ["error", "error-handling-correctness-only"],
    "unicorn/filename-case": ["error", { case: "kebabCase" }],
    "unicorn/prefer-node-protocol": "error",
    "unicorn/no-process-exit": "error",
    "unicorn/throw-new-error": "error",
  },
  overrides: [
    {
      files: ["packages/react/**", "apps/dashboard/**"],
      plugins: ["eslint", "typescript", "unicorn", "oxc", "import", "promise", "react", "jsx-a11y"],
      rules: {
        "react/react-in-jsx-scope": "off",
        "react/rules-of-hooks": "error",
        "react/exhaustive-deps": "error",
      },
    },
    {
      files: ["*.config.ts", "apps/*/*.config.ts"],
      rules: { "import/no-default-export": "off", "node/no-process-env": "off" },
    },
    {
      // Plain JavaScript, which runs before TypeScript is installed.
      files: ["**/*.mjs"],
      rules: {
        "typescript/no-unsafe-argument": "off",
        "typescript/no-unsafe-assignment": "off",
        "typescript/no-unsafe-call": "off",
        "typescript/no-unsafe-member-access": "off",
        "typescript/no-unsafe-return": "off",
        "typescript/restrict-template-expressions": "off",
      },
    },
    {
      // Vitest's matchers such as `expect.objectContaining()` are of type any.
      files: ["**/*.test.{ts,tsx}"],
      rules: {
        "node/no-process-env": "off",
        "typescript/no-unsafe-assignment": "off",
        "typescript/require-array-sort-compare": "off",
      },
    },
    {
      files: ["apps/server/src/config.ts", "packages/client/src/node/site-settings.ts"],
      rules: { "node/no-process-env": "off" },
    },
    {
      files: ["scripts/**", "bench/**", "e2e/**", "examples/**", "apps/server/test/**"],
      rules: {
        "no-console": "off",
        "node/no-process-env": "off",
        "unicorn/no-process-exit": "off",
      },
    },
    {
      files: ["apps/server/src/main.ts", "apps/server/src/cli/**", "apps/server/bin/**"],
      rules: { "no-console": "off", "unicorn/no-process-exit": "off" },
    },
    ...roomRules(connectors),
  ],
});
