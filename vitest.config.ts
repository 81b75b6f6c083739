import { defineConfig } from "vitest/config";

// Read by libuv in the processes that run the tests: tests whose clock is virtual wait for real work in its order.
process.env["UV_THREADPOOL_SIZE"] = "1";

const E2E = "test/e2e/**";
/**
 * Tests that leave nothing behind: they share a process, and so what it took to load the code. Those that are left out put
 * something else into the place of a module.
 */
const TOGETHER = [
  "test/{cli,domain,index-paths,manifests,policy,properties,state,text,tokens}/**/!(parser-bug).test.ts",
  "test/{github,http,login,publishing,service,simulator,snapshot,webhooks}/**/!(server|files|refusals).test.ts",
  "test/cases.test.ts",
];

export default defineConfig({
  test: {
    projects: [
      { extends: true, test: { name: "together", include: TOGETHER, isolate: false } },
      { extends: true, test: { name: "apart", include: ["test/**/*.test.ts"], exclude: [E2E, ...TOGETHER] } },
    ],
    globalSetup: "test/helpers/temporary-files.ts",
    setupFiles: "test/helpers/canary-setup.ts",
    // Enough for the longest of them on a machine that does other things as well.
    testTimeout: 60_000,
    // By default one core is left to the person at the machine; a run of the suite is short enough to take it, too.
    maxWorkers: "100%",
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts"],
      // Of what is covered in full nothing is said, so that what is not can be found.
      reporter: [["text", { skipFull: true }], "text-summary", "json-summary", "html"],
      thresholds: {
        lines: 90,
        branches: 90,
        functions: 90,
        statements: 90,
        "src/domain/**": { lines: 100, branches: 100, functions: 100, statements: 100 },
        "src/manifests/**": { lines: 100, branches: 100, functions: 100, statements: 100 },
        "src/index-paths/**": { lines: 100, branches: 100, functions: 100, statements: 100 },
        "src/text/**": { lines: 100, branches: 100, functions: 100, statements: 100 },
        "src/policy/**": { lines: 100, branches: 100, functions: 100, statements: 100 },
        "src/tokens/**": { lines: 100, branches: 100, functions: 100, statements: 100 },
        "src/state/**": { lines: 100, branches: 100, functions: 100, statements: 100 },
      },
    },
  },
});
