import * as z from "zod";
import { PERMISSIONS } from "../../src/domain/roles.ts";
import { environmentFor } from "../../test/helpers/packgate.ts";
import { createSimulator, truth } from "../../test/simulator/index.ts";
import { createRandom } from "../../test/simulator/random.ts";
import { announcements } from "../burst/announcements.ts";
import { referenceOrganization } from "../reference/organization.ts";
import type { Question } from "../reference/question.ts";
import { snapshotFor } from "../restart/snapshot.ts";
import { answerRequests } from "../worker.ts";
import type { Counts } from "./messages.ts";

/** A simulated GitHub with the reference organization, in a process of its own. */
const github = createSimulator({ webhookSecret: "webhook-secret-of-the-benchmark" });
const organization = referenceOrganization(github);
const api = await github.listen();

const Request = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("environment") }),
  z.object({ kind: z.literal("snapshot") }),
  z.object({ kind: z.literal("counts") }),
  z.object({ kind: z.literal("questions"), count: z.int() }),
  z.object({ kind: z.literal("announcements"), count: z.int() }),
]);

/** Random questions with the oracle's answers. */
function questions(count: number): Question[] {
  const random = createRandom(count);
  const users = [...github.world.users.keys()];
  const names = [...organization.claims.keys()];
  return Array.from({ length: count }, () => {
    const [user, name, permission] = [random.pick(users), random.pick(names), random.pick(PERMISSIONS)];
    const { permissions } = truth(github.world, organization, user, name, github.clock());
    return { user, name, permission, allowed: permissions.has(permission) };
  });
}

function counts(): Counts {
  const { rest, graphqlQueries, graphqlPoints } = github.counts;
  return { rest, graphqlQueries, graphqlPoints, unknownRoutes: github.unknownRoutes };
}

const environment = { ...environmentFor(github), GITHUB_API_URL: api.url };

answerRequests((message) => {
  const request = Request.parse(message);
  if (request.kind === "snapshot") return snapshotFor(github, organization, environment);
  if (request.kind === "questions") return questions(request.count);
  if (request.kind === "announcements") return announcements(github, organization, request.count);
  return request.kind === "counts" ? counts() : environment;
});
