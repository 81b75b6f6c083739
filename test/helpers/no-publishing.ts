import type { Publishing } from "../../src/http/service.ts";

/** Knows no tokens of workflow runs, and makes none. */
export const NO_PUBLISHING: Publishing = {
  issuer: "https://packgate.example",
  audience: "packgate",
  verify: () => ({ status: "inactive", reason: "refused", problem: "is unknown" }),
  redeem: () => Promise.resolve("spent"),
  mint: () => Promise.reject(new Error("nothing to mint")),
  revoke: () => Promise.resolve("kept"),
};
