import { expect, it, vi } from "vitest";
import { isRefuted } from "../properties/check.ts";
import { promises } from "./promises.ts";

vi.mock(import("../../src/github/withheld.ts"), async (original) => {
  const { createWithheld, LAG_MS } = await original();
  return { LAG_MS, createWithheld: () => ({ ...createWithheld(), from: (slice) => slice }) };
});

it("where a reading right after a revocation is believed, some promise is broken", async () => {
  expect(await isRefuted(promises({ settled: true, heard: false }), 700)).toBe(true);
}, 60_000);
