import type { Permission } from "../../src/domain/roles.ts";
import { PERMISSIONS } from "../../src/domain/roles.ts";
import { createRandom } from "../../test/simulator/random.ts";
import { SECRET, signedUp } from "./service.ts";
import type { RequestKind } from "./variants.ts";

/** Packages that somebody lists in one go. */
const LISTED = 100;

/** Requests as bytes on the wire: every member with a token of their own, and a package and an action at random. */
export function wireRequests(kind: RequestKind, count: number): string[] {
  const { organization, tokens } = signedUp(Date.now());
  const random = createRandom(count);
  const users = [...tokens];
  const names = [...organization.claims.keys()];
  if (kind === "pypicloud" || kind === "pypicloudOthers") {
    const lists = Math.ceil(count / (6 * LISTED));
    const calls = Array.from({ length: lists }, () => {
      const user = random.pick(users);
      return Array.from({ length: LISTED }, () => pypicloudCalls(user, random.pick(names))).flat();
    }).flat();
    return kind === "pypicloud" ? calls : calls.filter((call) => !call.includes(MAP_OF_EVERYBODY));
  }
  return Array.from({ length: count }, () => {
    const [login, token] = random.pick(users);
    const question = { package: random.pick(names), action: random.pick(PERMISSIONS) };
    if (kind === "get") {
      const basic = Buffer.from(`${login}:${token}`).toString("base64");
      const [uri, method] = subrequestFor(question);
      const headers = { Authorization: `Basic ${basic}`, "X-Original-URI": uri, "X-Original-Method": method };
      return head("GET", "/authorize/nginx", headers);
    }
    if (kind === "introspect") {
      const body = new URLSearchParams({ token, package: question.package }).toString();
      return post("/introspect", "application/x-www-form-urlencoded", body);
    }
    if (kind === "evaluation") {
      const [subject, resource] = [
        { type: "user", id: login },
        { type: "pypi_package", id: question.package },
      ];
      const body = JSON.stringify({ subject, action: { name: question.action }, resource });
      return post("/access/v1/evaluation", "application/json", body);
    }
    const credentials = { username: login, password: token };
    return post("/authorize", "application/json", JSON.stringify({ ...question, credentials }));
  });
}

/** A request to an index that asks so much. What paths cannot ask, they ask otherwise: to yank is to delete. */
function subrequestFor({ package: name, action }: { package: string; action: Permission }): readonly [string, string] {
  if (action === "read") return [`/simple/${name}/`, "GET"];
  return action === "upload"
    ? [`/legacy/${name}/`, "POST"]
    : [`/packages/${name.replaceAll("-", "_")}-1.0.zip`, "DELETE"];
}

/** Of pypicloud's six calls for a package one asks for all people who may have it. */
export const MAP_OF_EVERYBODY = "user_permissions?";

/** What pypicloud asks for each package that it might list. */
function pypicloudCalls([login, token]: readonly [string, string], name: string): string[] {
  const calls = [
    `verify?username=${login}&password=${token}`,
    `admin?username=${login}`,
    `${MAP_OF_EVERYBODY}package=${name}`,
    `group_permissions?package=${name}`,
    `admin?username=${login}`,
    `groups?username=${login}`,
  ];
  return calls.map((call) => head("GET", `/pypicloud/${call}`, {}));
}

function post(path: string, type: string, body: string): string {
  return head("POST", path, { "Content-Type": type, "Content-Length": String(body.length) }) + body;
}

function head(method: string, path: string, headers: Readonly<Record<string, string>>): string {
  const lines = Object.entries({ Host: "127.0.0.1", "X-Packgate-Key": SECRET, ...headers });
  return `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`;
}
