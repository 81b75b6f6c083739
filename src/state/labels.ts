import type { View } from "../domain/decide.ts";
import type { Access, Confirmed, Facts, UserId } from "../domain/facts.ts";
import { differing } from "../domain/patched-map.ts";

/** Who is called what by the members' list and by the collaborators of every repository, and by how many of these. */
export interface Labels {
  /** By id, the members' list's first. */
  readonly logins: Map<UserId, Map<string, number>>;
  /** By login in lower case. */
  readonly carriers: Map<string, Map<UserId, number>>;
}

interface Read extends Labels {
  readonly members: Facts["members"];
  access: Facts["access"];
}

// The compiled members are one object for as long as a store lives or recompiles.
const found = new WeakMap<object, Read>();

/** Good until the next call: a webhook changes one repository of thousands, so the others are not looked through again. */
export function labelsOf({ access: { members: key }, facts: { members, access } }: View): Labels {
  const known = found.get(key);
  const labels = known !== undefined && known.members === members ? known : labelsOfMembers(members);
  for (const id of differing(labels.access, access)) {
    noteAll(labels, labels.access.get(id), -1);
    noteAll(labels, access.get(id), 1);
  }
  labels.access = access;
  found.set(key, labels);
  return labels;
}

function labelsOfMembers(members: Facts["members"]): Read {
  const labels: Read = { members, access: new Map(), logins: new Map(), carriers: new Map() };
  for (const [id, { login }] of members?.value ?? []) note(labels, id, login, 1);
  return labels;
}

function noteAll(labels: Labels, access: Confirmed<Access> | undefined, by: 1 | -1): void {
  for (const [id, { login }] of access?.value.collaborators ?? []) note(labels, id, login, by);
}

function note({ logins, carriers }: Labels, id: UserId, login: string, by: 1 | -1): void {
  count(logins, id, login, by);
  count(carriers, login.toLowerCase(), id, by);
}

function count<K, V>(counts: Map<K, Map<V, number>>, key: K, value: V, by: 1 | -1): void {
  const those = counts.get(key) ?? new Map<V, number>();
  const times = (those.get(value) ?? 0) + by;
  if (times > 0) those.set(value, times);
  else those.delete(value);
  if (those.size > 0) counts.set(key, those);
  else counts.delete(key);
}
