import type { Subject, View } from "../../domain/decide.ts";
import { decide } from "../../domain/decide.ts";
import { askForAll } from "../../domain/decided-alike.ts";
import type { RepositoryId, UserId } from "../../domain/facts.ts";
import type { Circumstances } from "../../domain/judge.ts";
import { isKept } from "../../domain/kept-names.ts";
import { madeOnce } from "../../domain/made-once.ts";
import type { PackageName } from "../../domain/package-name.ts";
import { parsePackageName } from "../../domain/package-name.ts";
import type { Permission } from "../../domain/roles.ts";
import { teamsThatCan, whatTeamCan } from "../../domain/team-search.ts";
import { ServiceError } from "../../errors.ts";
import { everybody } from "../../state/directory.ts";
import type { PackagePermissions, PermissionMap, PypicloudPermission } from "../contract/pypicloud.ts";
import { toBeSeen } from "../decision/proof.ts";
import { sent } from "./asked.ts";
import type { Entries, Runs } from "./entries.ts";
import { entriesOf } from "./entries.ts";
import { AUTHENTICATED, EVERYONE, groupsOf, namesOf, teamNamed } from "./groups.ts";
import type { Reply } from "./memory.ts";
import { remembered } from "./memory.ts";
import type { Query } from "./routes.ts";
import type { Needs } from "./visitors.ts";
import type { Words } from "./words.ts";
import { NO_WORDS, WORDS } from "./words.ts";

/** GitHub numbers its users from 1, so this is somebody of whom nothing is known. */
const STRANGER = { kind: "user", id: 0 } as const;

const NOBODY: Needs = new Map();

/**
 * What a name is answered with on which nobody holds anything, be it claimed or kept for a later claim. pypicloud opens a
 * package to `default_read` and `default_write` only when both maps are empty, and no login or slug begins with an
 * underscore.
 */
const CLOSED = written({ _claimed: [] });
/** And of a name that nobody claims. */
const OPEN = written({});

/** `GET /pypicloud/user_permissions?package=`, as far as people go. */
export function userPermissions(view: View, query: Query, where: Circumstances): Reply {
  return mapOf("user", view, query, where, (name) => {
    let proven = NO_WORDS;
    // A package has one repository, so everybody needs the same.
    const needed = new Set<RepositoryId>();
    const wordsOf = askForAll(view, name, (id) => {
      let words = NO_WORDS;
      for (const [place, [, permission]] of WORDS.entries()) {
        const decision = decide(view, { kind: "user", id }, permission, name, where);
        // A refusal for want of knowledge would send a reader to the public index, where pypicloud redirects. Of uploads
        // nobody is sent anywhere, and what is not known is not given.
        if (decision.outcome === "unknown" && permission === "read") throw unavailable();
        if (decision.outcome === "allow") words |= 1 << place;
        const repository = toBeSeen(view, permission, decision);
        if (repository === undefined) continue;
        needed.add(repository);
        proven |= 1 << place;
      }
      return words;
    });
    const entries = entriesOf(view);
    const runs = entries.runs(wordsOf);
    if (runs.length === 0) return undefined;
    return replyOf(entries, runs, proven, needed);
  });
}

/** By itself, for functions keep alive whatever those beside them use: a reply is not to keep the facts of its moment. */
function replyOf(entries: Entries, runs: Runs, proven: Words, needed: ReadonlySet<RepositoryId>): Omit<Reply, "asOf"> {
  const holders = (): UserId[] => entries.having(runs, proven);
  return {
    json: (unproven) => entries.json(unproven.length === 0 ? runs : entries.without(runs, proven, unproven)),
    needs: {
      size: holders().length,
      keys: holders,
      get: (user) => (entries.wordsOf(runs, user) & proven ? needed : undefined),
    },
    size: runs.byteLength,
  };
}

/** `GET /pypicloud/group_permissions?package=` */
export function groupPermissions(view: View, query: Query, where: Circumstances): string | Buffer {
  const reply = mapOf("group", view, query, where, (name) => {
    const words = new Map<string, PypicloudPermission[]>();
    for (const [word, permission] of WORDS) {
      for (const group of groupsThatCan(view, permission, name, where)) madeOnce(words, group, () => []).push(word);
    }
    return words.size === 0 ? undefined : written(Object.fromEntries(words));
  });
  return reply.json([]);
}

/** `GET /pypicloud/group_package_permissions?group=` */
export function groupPackagePermissions(view: View, query: Query, where: Circumstances): readonly PackagePermissions[] {
  const group = sent(query, "group");
  const held = WORDS.map(([word, permission]) => [word, heldBy(view, group, permission, where)] as const);
  return [...view.claims.keys()].toSorted().flatMap((name) => {
    const words = held.flatMap(([word, names]) => (names.has(name) ? [word] : []));
    return words.length === 0 ? [] : [{ package: name, permissions: words }];
  });
}

/** Looks at this group alone: over all groups of all packages it would take an organization's event loop for seconds. */
function heldBy(view: View, group: string, permission: Permission, where: Circumstances): ReadonlySet<PackageName> {
  if (group === AUTHENTICATED || group === EVERYONE) {
    return new Set([...view.claims.keys()].filter((name) => isOpen(view, permission, name, where)));
  }
  const team = teamNamed(view, group);
  return team === undefined ? NO_NAMES : new Set(whatTeamCan(view, team, permission, where));
}

const NO_NAMES: ReadonlySet<PackageName> = new Set();

/** The map of one package. @param holders `undefined` when nobody is in it */
function mapOf(
  kind: "user" | "group",
  view: View,
  query: Query,
  where: Circumstances,
  holders: (name: PackageName) => Omit<Reply, "asOf"> | undefined,
): Reply {
  const name = parsePackageName(sent(query, "package"));
  // pypicloud asks with the name as its client spelled it, and knows more spellings: its lower case turns U+212A, the
  // Kelvin sign, into "k". What is no name of ours may be one of its.
  if (name === undefined) return { ...CLOSED, asOf: Infinity };
  return remembered(view, `${kind} ${where.index ?? ""} ${name}`, () => {
    const [member = STRANGER.id] = view.access.members.keys();
    // Of everybody who is a member the answer rests on the same facts, of the others on some of them.
    const [ofStrangers, ofMembers] = [STRANGER, { kind: "user", id: member } as const].map((subject) =>
      decide(view, subject, "read", name, where),
    );
    if (ofStrangers?.outcome !== "allow" && ofStrangers?.outcome !== "deny") throw unavailable();
    const isUnclaimed = ofStrangers.outcome === "deny" && ofStrangers.reason === "unclaimed" && !isKept(view, name);
    const map = holders(name) ?? (isUnclaimed ? OPEN : CLOSED);
    return { ...map, asOf: Math.min(ofStrangers.asOf ?? -Infinity, ofMembers?.asOf ?? -Infinity) };
  });
}

function written(map: PermissionMap): Omit<Reply, "asOf"> {
  const text = JSON.stringify(map);
  return { json: () => text, needs: NOBODY, size: text.length };
}

/** Teams, and everybody where everybody may: also who is not signed in, and also each person we know. */
function groupsThatCan(view: View, permission: Permission, name: PackageName, where: Circumstances): string[] {
  const groups = namesOf(groupsOf(view, teamsThatCan(view, permission, name, where)));
  return isOpen(view, permission, name, where) ? [...groups, AUTHENTICATED, EVERYONE] : groups;
}

/** Whoever has signed in to pypicloud's pages stays so after leaving the organization: signed in is as good as nobody. */
function isOpen(view: View, permission: Permission, name: PackageName, where: Circumstances): boolean {
  const may = (subject: Subject): boolean => decide(view, subject, permission, name, where).outcome === "allow";
  return may({ kind: "everyone" }) && may(STRANGER) && everybody(view).every(({ id }) => may({ kind: "user", id }));
}

function unavailable(): ServiceError {
  return new ServiceError(
    "unavailable",
    "It is not known right now who may do what to this package; try again shortly.",
  );
}
