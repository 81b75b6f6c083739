import type { View } from "../../domain/decide.ts";
import type { UserId } from "../../domain/facts.ts";
import { everybody } from "../../state/directory.ts";
import type { PypicloudUser } from "../contract/pypicloud.ts";
import { personNamed, sent } from "./asked.ts";
import { groupsOfUser, membersOfGroup, namesOf } from "./groups.ts";
import type { Query } from "./routes.ts";

/** `GET /pypicloud/group_members?group=` */
export function groupMembers(view: View, query: Query): readonly string[] {
  return membersOfGroup(view, sent(query, "group"));
}

/** `GET /pypicloud/user_data[?username=]` */
export function userData(view: View, query: Query): readonly PypicloudUser[] | PypicloudUser | null {
  const username = query.get("username");
  if (username === undefined) {
    return everybody(view).map(({ id, login }) => ({ username: login, admin: isOwner(view, id) }));
  }
  const person = personNamed(view, username);
  if (person === undefined) return null;
  const { id, login } = person;
  return { username: login, admin: isOwner(view, id), groups: namesOf(groupsOfUser(view, id)) };
}

/** An admin of pypicloud's may do everything, so nobody is one while only reads are answered. */
export function isOwner({ facts, readsOnly }: View, user: UserId): boolean {
  return !readsOnly && facts.members?.value.get(user)?.owner === true;
}
