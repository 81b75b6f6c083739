import { expect, it, vi } from "vitest";
import { isRefuted } from "../properties/check.ts";
import { promises } from "./promises.ts";

vi.mock(import("../../src/github/generations.ts"), async (original) => {
  const { createGenerations } = await original();
  return { createGenerations: () => ({ ...createGenerations(), isCurrent: () => true }) };
});

it("without the generation guard some promise is broken", async () => {
  expect(await isRefuted(promises({ settled: false, heard: false }), 700)).toBe(true);
}, 60_000);
