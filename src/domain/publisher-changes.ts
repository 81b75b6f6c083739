import type { View } from "./decide.ts";
import type { RepositoryId } from "./facts.ts";
import { fullName } from "./phrases.ts";
import type { Publisher } from "./policy.ts";
import { publishersFor } from "./publishers.ts";
import type { Steps } from "./steps.ts";
import { list } from "./words.ts";

/** A repository of whose runs others may publish under another policy. */
export interface PublisherChange {
  /** `owner/name` */
  readonly repository: string;
  /** Which of its runs may publish, in a few words, such as `release.yml on refs/tags/*`. */
  readonly before: string;
  readonly after: string;
}

/** Which repositories' runs two policies limit differently, of those that have anything to publish. By name. */
export function* publisherChanges(before: View, after: View): Steps<readonly PublisherChange[]> {
  const changes: PublisherChange[] = [];
  for (const id of new Set([before, after].flatMap(publishing))) {
    yield;
    const name = before.facts.repositories.get(id)?.value.name;
    if (name === undefined) continue;
    const limits = ({ access }: View) => whens(publishersFor(access.publishers, name));
    const [old, next] = [limits(before), limits(after)];
    if (JSON.stringify(old) === JSON.stringify(next)) continue;
    changes.push({ repository: fullName(before, id), before: phrase(old), after: phrase(next) });
  }
  return changes.toSorted((a, b) => (a.repository < b.repository ? -1 : 1));
}

/** The repositories that hold a name, and those whose runs a rule names. */
function publishing({ claims, access }: View): RepositoryId[] {
  const holders = Array.from(claims.values(), ({ repository }) => repository);
  return [...holders.filter((id) => id !== undefined), ...access.rules.workflows.keys()];
}

/** What is asked of a run; `null`: nothing helps. What asks nothing is left out. */
function whens(publishers: readonly Publisher[]): (Partial<NonNullable<Publisher["when"]>> | null)[] {
  return publishers
    .map(({ when }) => when ?? null)
    .filter((when) => when === null || Object.values(when).some((globs) => globs !== undefined));
}

function phrase(limits: ReturnType<typeof whens>): string {
  if (limits.includes(null)) return "none";
  const parts = limits.map((when) =>
    [
      when?.workflow && list(when.workflow, "or"),
      when?.event && `by ${list(when.event, "or")}`,
      when?.environment && `in ${list(when.environment, "or")}`,
      when?.ref && `on ${list(when.ref, "or")}`,
    ]
      .filter((part) => part !== undefined)
      .join(" "),
  );
  return parts.length === 0 ? "as by default" : parts.join(", and ");
}
