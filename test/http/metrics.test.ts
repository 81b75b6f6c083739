import { Registry } from "prom-client";
import { describe, expect, it } from "vitest";
import { countLater, observeLater } from "../../src/metrics.ts";

describe("what is counted later", () => {
  it("is there whenever somebody scrapes, and once only", async () => {
    const registry = new Registry();
    const options = { name: "answers", help: "Answers", labelNames: ["answer", "reason"], registers: [registry] };
    const count = countLater(options, (answer, reason) => ({ answer, reason }));
    expect(await registry.metrics()).not.toContain("answers{");
    count("yes", "team");
    count("yes", "owner");
    count("yes", "team");
    for (let scrapes = 0; scrapes < 2; scrapes += 1) {
      const text = await registry.metrics();
      expect(text).toContain('answers{answer="yes",reason="team"} 2');
      expect(text).toContain('answers{answer="yes",reason="owner"} 1');
    }
    count("yes", "team");
    expect(await registry.metrics()).toContain('answers{answer="yes",reason="team"} 3');
  });

  it.each([0, 1, 255, 256, 257, 1000])("has %i values in their buckets", async (values) => {
    const registry = new Registry();
    const observe = observeLater({ name: "seconds", help: "Seconds", buckets: [1, 2], registers: [registry] });
    for (let value = 0; value < values; value += 1) observe(value);
    for (let scrapes = 0; scrapes < 2; scrapes += 1) {
      const text = await registry.metrics();
      expect(text).toContain(`seconds_bucket{le="1"} ${Math.min(values, 2)}`);
      expect(text).toContain(`seconds_bucket{le="2"} ${Math.min(values, 3)}`);
      expect(text).toContain(`seconds_count ${values}`);
      expect(text).toContain(`seconds_sum ${(values * (values - 1)) / 2}`);
    }
  });
});
