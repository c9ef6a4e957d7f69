import { defineConfig } from "vitest/config";

/** Tests of pure code start in no time; everything else gets one Postgres and one Temporal server for the whole run. */
const PURE = [
  "test/domain/**/*.test.ts",
  "test/system/*.test.ts",
  "test/lab/**/*.test.ts",
  "test/web/**/*.test.{ts,tsx}",
];
/** Tests that start the product itself: one after the other, after all others, so that nothing competes with them. */
const PRODUCT = [
  "test/setup/**/*.test.ts",
  "test/system/engines/**/*.test.ts",
  "test/e2e/**/*.test.ts",
  "test/chaos/**/*.test.ts",
];

export default defineConfig({
  test: {
    reporters: ["default"],
    projects: [
      { test: { name: "pure", include: PURE, exclude: PRODUCT, sequence: { groupOrder: 0 } } },
      {
        test: {
          name: "engines",
          include: ["test/**/*.test.ts"],
          exclude: [...PURE, ...PRODUCT],
          globalSetup: ["test/support/global-setup.ts"],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "product",
          include: PRODUCT,
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
