import type { Facts } from "../../src/domain/facts.ts";
import type { FailureKind } from "../../src/github/failure.ts";
import { GitHubFailure } from "../../src/github/failure.ts";
import type { Reader } from "../../src/github/reader/reader.ts";
import type { Time } from "../../src/github/time.ts";
import type { Slice, SliceKey } from "../../src/state/slice.ts";
import { sliceId, sliceKind } from "../../src/state/slice.ts";
import type { Organization, Simulator, World } from "../simulator/index.ts";
import type { Random } from "../simulator/random.ts";
import { userByLogin } from "../simulator/world.ts";
import { shown } from "./shown.ts";

/** How GitHub answers reads for a while. */
export interface Weather {
  /** The longest that GitHub takes for one answer, milliseconds. */
  readonly slow: number;
  /** Whether some answers come from a replica that lags; how far is `github.faults.lag`. */
  readonly stale: boolean;
  /** How many of a hundred requests fail. */
  readonly failing: number;
}

export const FAIR: Weather = { slow: 0, stale: false, failing: 0 };
const FAILURES: readonly FailureKind[] = ["unavailable", "unavailable", "too-large", "limited"];

export interface WorldReaderOptions {
  readonly github: Simulator;
  readonly organization: Pick<Organization, "id" | "login">;
  readonly time: Time;
  readonly random: Random;
  readonly weather: () => Weather;
}

/**
 * The contract of `Reader`, kept by a reader that looks straight into the simulator's model: each slice as it was at
 * some moment between the beginning of the read and its end, whole; several slices at several moments; a failure after
 * some of them. It asks by the organization's name as far as it is known, as the real one must.
 */
export function createWorldReader({ github, organization, time, random, weather }: WorldReaderOptions): Reader {
  const { id } = organization;

  const request = async <T>(answer: (world: World) => T): Promise<T> => {
    const { slow, failing } = weather();
    if (slow > 0) await time.sleep(random.below(slow));
    const world = weather().stale && random.below(2) === 0 ? github.seen() : github.world;
    const answered = answer(world);
    if (slow > 0) await time.sleep(random.below(slow));
    if (random.below(100) < failing) throw failure();
    return answered;
  };

  /** In fair weather it makes no difference how many requests there are. */
  const page = (all: number): number => (weather() === FAIR ? all : 1 + random.below(all));

  const failure = (): GitHubFailure => {
    const kind = random.pick(FAILURES);
    const retryAt = kind === "limited" ? time.now() + random.below(90_000) : undefined;
    return new GitHubFailure(kind, `GitHub is ${kind}.`, retryAt);
  };

  const inside = (world: World, facts: Facts): Organization => {
    const login = facts.organization?.value.login ?? organization.login;
    const found = world.organizations.get(id);
    if (found?.login !== login) throw new GitHubFailure("gone", `GitHub knows nothing of ${login}.`);
    return found;
  };

  const byId = (world: World): Organization => {
    const found = world.organizations.get(id);
    if (found === undefined) throw new GitHubFailure("gone", "GitHub knows nothing of the organization.");
    return found;
  };

  const readKeyed = async (keys: readonly SliceKey[], facts: Facts, asOf: number, emit: Emit): Promise<void> => {
    const isKnown = (key: SliceKey): boolean => {
      const kind = sliceKind(key);
      const about = sliceId(key) ?? 0;
      if (kind === "team-members") return facts.teams?.value.has(about) === true;
      return kind === "repository" || facts.repositories.has(about);
    };
    // What has no node id cannot be asked for.
    emit(keys.filter((key) => !isKnown(key)).map((key) => gone(key, asOf)));
    const known = keys.filter(isKnown);
    for (let start = 0; start < known.length;) {
      const some = known.slice(start, (start += page(known.length)));
      const ask = (): Promise<Slice[]> => request((world) => some.map((key) => shown(world, byId(world), key, asOf)));
      const read = await ask();
      emit(read[0]?.kind === "access" ? withTeams(read, await ask()) : read);
    }
  };

  const readRepositories = async (facts: Facts, asOf: number, emit: Emit): Promise<void> => {
    const ids = await request((world) => [...inside(world, facts).repositories.keys()]);
    const listed: number[] = [];
    for (let start = 0; start < ids.length;) {
      const some = ids.slice(start, (start += page(ids.length)));
      const slices = await request((world) => {
        const there = inside(world, facts);
        return some.flatMap((each) =>
          there.repositories.has(each) ? [shown(world, there, `repository/${each}`, asOf)] : [],
        );
      });
      emit(slices);
      listed.push(...slices.flatMap((slice) => ("id" in slice ? [slice.id] : [])));
    }
    emit([{ kind: "repositories", asOf, value: new Set(listed) }]);
  };

  return {
    read: async (keys, facts, emit) => {
      const asOf = time.now();
      const [first] = keys;
      if (first === undefined) return;
      if (sliceId(first) !== undefined) await readKeyed(keys, facts, asOf, emit);
      else if (first === "repositories") await readRepositories(facts, asOf, emit);
      else if (first === "organization") emit([await request((world) => shown(world, byId(world), first, asOf))]);
      else emit([await request((world) => shown(world, inside(world, facts), first, asOf))]);
    },
    discover: ({ login }, facts) =>
      request((world) => {
        const { teams, repositories } = inside(world, facts);
        const user = userByLogin(world, login)?.id ?? 0;
        return [
          ...[...teams.values()].flatMap((team) =>
            team.members.has(user) ? [`team-members/${team.id}` as const] : [],
          ),
          ...[...facts.access.keys()].flatMap((repository) =>
            repositories.get(repository)?.collaborators.has(user) === true ? [`access/${repository}` as const] : [],
          ),
        ];
      }),
    outdated: (facts) =>
      request((world) => {
        const there = inside(world, facts);
        const owners = [...ownersIn(shown(world, there, "members", 0))];
        const known = facts.members === undefined ? [] : [...ownersIn({ kind: "members", ...facts.members })];
        const skeleton = facts.teams?.value;
        const moved =
          there.teams.size !== skeleton?.size ||
          [...there.teams.values()].some(({ id, parentId }) => {
            const team = skeleton.get(id);
            return team === undefined || team.parent !== (parentId ?? undefined);
          });
        const same = owners.length === known.length && owners.every((each) => known.includes(each));
        return [
          ...(["organization", "organization-roles", "custom-roles"] as const),
          ...(same ? [] : ["members" as const]),
          ...(moved ? ["teams" as const] : []),
        ];
      }),
    // The promises are to hold without the audit.
    permission: () => Promise.reject(new GitHubFailure("forbidden", "Nobody audits here.")),
  };
}

type Emit = (slices: Slice[]) => void;

function gone(key: SliceKey, asOf: number): Slice {
  const kind = sliceKind(key);
  const id = sliceId(key);
  if (id === undefined || (kind !== "team-members" && kind !== "access" && kind !== "repository"))
    throw new Error(`${key} is never gone`);
  return { kind, id, asOf, value: undefined };
}

/** Collaborators and teams of a repository are two requests, and so of two moments. */
function withTeams(direct: readonly Slice[], later: readonly Slice[]): Slice[] {
  return direct.flatMap((slice, index) => {
    const other = later[index];
    if (slice.kind !== "access" || other?.kind !== "access") return [];
    const { value } = slice;
    return [{ ...slice, value: value && other.value && { ...value, teams: other.value.teams } }];
  });
}

function* ownersIn(slice: Slice): Generator<number> {
  if (slice.kind !== "members") return;
  for (const [user, { owner }] of slice.value) if (owner) yield user;
}
