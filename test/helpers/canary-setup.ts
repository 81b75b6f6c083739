import { afterEach } from "vitest";
import { takeLeaks } from "./canary.ts";

// Every session of the whole run is looked at, whatever its test is about.
afterEach(() => {
  const leaks = takeLeaks();
  if (leaks.length > 0) throw new Error(leaks.join("\n"));
});
