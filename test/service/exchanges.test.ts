import { describe, expect, it } from "vitest";
import type { WorkloadIdentity } from "../../src/http/service.ts";
import { openExchanges } from "../../src/service/exchanges.ts";

const NOW = 1_795_291_200_000;
const keep = () => () => Promise.resolve(true);
let ids = 0;
const shown = (repository: number): WorkloadIdentity => ({
  run: {
    organization: 1,
    repository,
    event: "push",
    ref: "refs/heads/main",
    refProtected: false,
    environment: undefined,
    workflow: "release.yml",
  },
  bounds: undefined,
  id: `id-${++ids}`,
  issuer: "https://issuer.example",
  clientId: "github:actions",
  issuedAt: NOW,
  expiresAt: NOW + 300_000,
});

describe("exchanges", () => {
  it("leave room for other repositories, whatever one of them does, and again for it when its tokens have ended", async () => {
    let time = NOW;
    const { redeem } = await openExchanges({ entries: () => Promise.resolve([]), keep }, () => time);
    const many = await Promise.all(Array.from({ length: 1001 }, () => redeem(shown(1))));
    expect(many.filter((redeemed) => redeemed === "redeemed")).toHaveLength(1000);
    expect(many.at(-1)).toBe("full");
    expect(await redeem(shown(2))).toBe("redeemed");
    time += 900_000;
    expect(await redeem(shown(1))).toBe("redeemed");
  });

  it("take nothing from a repository for a token that was exchanged before", async () => {
    const { redeem } = await openExchanges({ entries: () => Promise.resolve([]), keep }, () => NOW);
    const token = shown(1);
    expect(await redeem(token)).toBe("redeemed");
    for (let times = 0; times < 1000; times += 1) expect(await redeem(token)).toBe("spent");
    expect(await redeem(shown(1))).toBe("redeemed");
  });
});
