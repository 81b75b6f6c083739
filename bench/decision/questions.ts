import { PERMISSION_BIT, PERMISSIONS } from "../../src/domain/roles.ts";
import type { Organization, World } from "../../test/simulator/index.ts";
import { truth } from "../../test/simulator/index.ts";
import { createRandom } from "../../test/simulator/random.ts";
import type { Question } from "../reference/question.ts";
import type { Materialised } from "./materialised.ts";

/**
 * Random questions, every other of which is allowed. The materialised rights only propose; that each answer is
 * the right one is the oracle's word.
 */
export function askRandomly(count: number, rights: Materialised, world: World, organization: Organization): Question[] {
  const random = createRandom(count);
  const users = [...world.users.keys()];
  const names = [...organization.claims.keys()];
  const holders = [...rights].map(([user, packages]) => ({ user, packages: [...packages] }));

  const propose = (allowed: boolean): Omit<Question, "allowed"> => {
    if (!allowed) return { user: random.pick(users), name: random.pick(names), permission: random.pick(PERMISSIONS) };
    const { user, packages } = random.pick(holders);
    const [name, mask] = random.pick(packages);
    const held = PERMISSIONS.filter((permission) => (mask & PERMISSION_BIT[permission]) !== 0);
    return { user, name, permission: random.pick(held) };
  };
  const questions: Question[] = [];
  while (questions.length < count) {
    const allowed = questions.length % 2 === 0;
    const { user, name, permission } = propose(allowed);
    const { permissions } = truth(world, organization, user, name, organization.createdAt);
    if (permissions.has(permission) === allowed) questions.push({ user, name, permission, allowed });
    else if (allowed) throw new Error(`the oracle does not allow user ${user} to ${permission} ${name}`);
  }
  return questions;
}
