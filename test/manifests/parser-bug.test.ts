import { expect, it, vi } from "vitest";
import { readManifests } from "../../src/manifests/index.ts";
import { file } from "./source.ts";

vi.mock("smol-toml", async (original) => ({
  ...(await original<typeof import("smol-toml")>()),
  parse: () => {
    throw new RangeError("Maximum call stack size exceeded");
  },
}));

it("turns a parser that fails without a place into a problem", () => {
  expect(readManifests([file("pyproject.toml", "")])).toEqual({
    declarations: [],
    problems: [
      {
        path: "pyproject.toml",
        message: "This file could not be read; simplify it, and please report it to the maintainers of Packgate.",
      },
    ],
  });
});
