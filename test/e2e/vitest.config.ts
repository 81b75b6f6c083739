import { defineConfig } from "vitest/config";

const report = process.env["VITEST_JSON"];

export default defineConfig({
  test: {
    include: ["test/e2e/**/*.test.ts"],
    globalSetup: ["test/helpers/temporary-files.ts", "test/e2e/install.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Real servers and real installers: side by side they would only wait for each other.
    fileParallelism: false,
    // Those that mostly wait, though, wait together.
    maxConcurrency: 3,
    reporters: report === undefined ? ["default"] : ["default", "json"],
    ...(report !== undefined && { outputFile: { json: report } }),
  },
});
