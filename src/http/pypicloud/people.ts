import type { View } from "../../domain/decide.ts";
import type { UserId } from "../../domain/facts.ts";
import { everybody } from "../../state/directory.ts";
import type { PypicloudUser } from "../contract/pypicloud.ts";
import { personNamed, sent } from "./asked.ts";
import { allGroups, groupsOfUser, membersOfGroup } from "./groups.ts";
import type { Query } from "./routes.ts";

/** `GET /pypicloud/groups[?username=]` */
export function groups(view: View, query: Query): readonly string[] {
  const username = query.get("username");
  if (username === undefined) return allGroups(view);
  const person = personNamed(view, username);
  return person === undefined ? [] : groupsOfUser(view, person.id);
}

/** `GET /pypicloud/group_members?group=` */
export function groupMembers(view: View, query: Query): readonly string[] {
  return membersOfGroup(view, sent(query, "group"));
}

/** `GET /pypicloud/admin?username=`: whoever is one passes every check of pypicloud's before it asks about packages. */
export function admin(view: View, query: Query): boolean {
  const person = personNamed(view, sent(query, "username"));
  return person !== undefined && isAdmin(view, person.id);
}

/** `GET /pypicloud/user_data[?username=]` */
export function userData(view: View, query: Query): readonly PypicloudUser[] | PypicloudUser | null {
  const username = query.get("username");
  if (username === undefined) {
    return everybody(view).map(({ id, login }) => ({ username: login, admin: isAdmin(view, id) }));
  }
  const person = personNamed(view, username);
  if (person === undefined) return null;
  const { id, login } = person;
  return { username: login, admin: isAdmin(view, id), groups: groupsOfUser(view, id) };
}

/** An admin may do everything, so nobody is one while only reads are answered. */
function isAdmin({ facts, readsOnly }: View, user: UserId): boolean {
  return !readsOnly && facts.members?.value.get(user)?.owner === true;
}
