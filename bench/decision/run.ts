import * as z from "zod";
import type { Report } from "../report.ts";
import { figure } from "../report.ts";
import { interleave, median } from "../statistics.ts";
import { startWorker } from "../worker.ts";
import { privateOrganization } from "./fixture.ts";
import { materialise } from "./materialised.ts";
import { askRandomly } from "./questions.ts";

const NAMES = {
  decide: "decide",
  "decide-rules": "decide, with 1,000 rules",
  map: "Map<user, Map<package, mask>>",
  "decide-fresh": "decide, name fresh from bytes",
  "map-fresh": "Map of Maps, name fresh from bytes",
  casbin: "node-casbin, RBAC",
} as const;
type Variant = keyof typeof NAMES;
const VARIANTS = [
  "decide",
  "decide-rules",
  "map",
  "decide-fresh",
  "map-fresh",
  "casbin",
] as const satisfies readonly Variant[];

/** The decision in process, beside what else one could use. */
export async function benchDecision(quick: boolean): Promise<Report> {
  const { world, organization, view } = privateOrganization();
  const rights = materialise(view.facts);
  const questions = askRandomly(quick ? 16_384 : 131_072, rights, world, organization);
  // Casbin takes milliseconds for each, and is told nothing of archived repositories.
  const forCasbin = questions
    .filter(({ user, name }) => !isArchived(name) && rights.has(user))
    .slice(0, quick ? 16 : 64);

  function isArchived(name: string): boolean {
    return [...organization.repositories.values()].some(
      ({ id, archived }) => archived && organization.declared.get(id)?.has(name) === true,
    );
  }

  const rounds = quick ? 1 : 5;
  const measured = await interleave(rounds, VARIANTS, async (variant) => {
    const worker = startWorker(import.meta.url, "worker", { core: 1 });
    const asked = variant === "casbin" ? forCasbin : questions;
    try {
      return await worker.ask({ variant, milliseconds: quick ? 300 : 1000, questions: asked }, z.number());
    } finally {
      await worker.stop();
    }
  });
  const nanoseconds = (variant: Variant): number => median(measured.get(variant) ?? []);
  const ratio = (a: Variant, b: Variant): number => nanoseconds(a) / nanoseconds(b);

  const entries = [...rights.values()].reduce((sum, packages) => sum + packages.size, 0);
  return {
    title: "Decision in process",
    method:
      `${questions.length} random questions, half of them allowed, every answer checked against the oracle, 64 questions brought into the cache before the clock runs; ` +
      `median of ${rounds} interleaved rounds in fresh processes. The Map of Maps has ${figure(entries)} entries.`,
    columns: ["ns per answer", "ratio to the Map of Maps"],
    rows: VARIANTS.map((variant) => [
      NAMES[variant],
      figure(nanoseconds(variant)),
      figure(ratio(variant, variant.endsWith("fresh") ? "map-fresh" : "map")),
    ]),
    goals: [
      { name: "decide / Map of Maps", value: ratio("decide", "map"), limit: 0.6, direction: "at most" },
      { name: "decide / node-casbin", value: ratio("decide", "casbin"), limit: 0.001, direction: "at most" },
    ],
  };
}
