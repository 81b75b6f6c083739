import { expect, it } from "vitest";
import { lookAlikes } from "../../src/domain/look-alikes.ts";
import { packageName } from "./facts-builder.ts";

it("names that a person takes for each other are found, and no others", () => {
  const names = ["acme-lib", "acme1ib", "ac-me-l1b", "acme-core", "acme-c0re", "acme-web", "acme-vveb"].map(
    packageName,
  );
  expect(lookAlikes(names)).toEqual([
    ["ac-me-l1b", "acme-lib", "acme1ib"],
    ["acme-c0re", "acme-core"],
  ]);
});
