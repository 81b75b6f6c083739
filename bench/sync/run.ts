import type { Report } from "../report.ts";
import { figure, megabytes } from "../report.ts";
import { synchronise } from "./synchronise.ts";

/** The first synchronisation of the reference organization. */
export async function benchSync(quick: boolean): Promise<Report> {
  const found = await synchronise(quick ? 20_000 : 200_000);
  const seconds = (milliseconds: number): string => `${figure(milliseconds / 1000)} s`;
  return {
    title: "First synchronisation",
    method:
      `${found.repositories} repositories, ${found.packages} packages, ${found.members} members, read over HTTP from a ` +
      "simulated GitHub that answers at once; GitHub's limits are kept, but waiting for them is only counted.",
    columns: ["figure"],
    rows: [
      ["REST requests", figure(found.rest)],
      ["GraphQL points", figure(found.graphqlPoints)],
      ["time here, without waiting", seconds(found.wallMs)],
      ["waiting for GitHub's limits", seconds(found.pacedMs)],
      ["peak resident memory", megabytes(found.peakRssBytes)],
      ["facts, claims and compiled access", megabytes(found.stateBytes)],
      ["decisions compared with the oracle", figure(found.questions)],
      ["of them allowed", figure(found.allowed)],
    ],
    goals: [
      { name: "REST requests", value: found.rest, limit: 3_100, direction: "at most" },
      { name: "GraphQL points", value: found.graphqlPoints, limit: 850, direction: "at most" },
      { name: "peak resident MB", value: found.peakRssBytes / 1e6, limit: 300, direction: "at most" },
      { name: "MB of state", value: found.stateBytes / 1e6, limit: 40, direction: "at most" },
      { name: "wrong decisions", value: found.wrong.length, limit: 0, direction: "at most" },
    ],
  };
}
