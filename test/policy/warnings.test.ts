import { describe, expect, it } from "vitest";
import { parsePolicy } from "../../src/policy/parse.ts";
import { warningsOf } from "../../src/policy/warnings.ts";

function warnings(rest: string) {
  const text = `version = 1\n${rest}`;
  const parsed = parsePolicy(text, "packgate.toml");
  if ("faults" in parsed) throw new Error(parsed.faults[0]?.message);
  return warningsOf(parsed.policy, text, "packgate.toml");
}

const warned = (text: string) => warnings(text).map(({ kind, line }) => `${line ?? "-"} ${kind}`);

const rule = (line: string, rest = 'effect = "allow"') =>
  `[[rules]]\nwho = ["members"]\npackages = ["*"]\npermissions = "rcudm"\n${rest}\n`.replace(
    new RegExp(`^${line.split(" ")[0]} = .*$`, "m"),
    line,
  );
const deny = (line = "") => rule(line === "" ? 'effect = "deny"' : line, 'effect = "deny"');

describe("warnings of a valid policy", () => {
  it.each<[about: string, text: string, warnings: string[]]>([
    ["nothing", "", []],
    ["an ordinary role", '[roles.maintain]\npermissions = "rc"', []],
    ["a custom role", '[roles."Release bot"]\npermissions = "rc"', []],
    ["a slip of the pen", '[roles.maintian]\npermissions = "rc"', ["2 unknown-role"]],
    ["admins without anything", '[roles.admin]\npermissions = ""', ["2 owners-locked-out"]],
    ["admins who cannot read", '[roles.admin]\npermissions = "cudm"', ["2 owners-locked-out"]],
    ["admins who can only read", '[roles.admin]\npermissions = "r"', ["2 owners-locked-out"]],
    ["admins who cannot delete", '[roles.admin]\npermissions = "rcum"', []],
    ["admins with a label", '[roles.admin]\nlabel = "Boss"', []],
    ["everything denied to members", deny(), ["2 owners-locked-out"]],
    ["everything denied to everyone", deny('who = ["user:bob", "everyone"]'), ["2 owners-locked-out"]],
    ["everything denied to admins", deny('who = ["role:admin"]'), ["2 owners-locked-out"]],
    ["everything denied to writers", deny('who = ["role:write"]'), []],
    ["everything denied to some", deny('who = ["team:a", "user:b", "workflow:c"]'), []],
    ["a prefix denied", deny('packages = ["acme-*"]'), []],
    ["deleting denied", deny('permissions = "d"'), []],
    [
      "two rules that deny all but reading",
      deny('permissions = "cu"') + deny('permissions = "dm"'),
      ["2 owners-locked-out"],
    ],
    ["a row and a rule", `[roles.admin]\npermissions = "rcu"\n${deny('permissions = "cu"')}`, ["2 owners-locked-out"]],
    ["an index denied", deny().replace("[[rules]]", '[[rules]]\nindexes = ["a"]'), []],
    ["private packages denied", `${deny()}when = { visibility = ["private"] }`, []],
    ["only pins, and none", '[names]\nclaim = "pinned"', ["- nothing-served"]],
    ["only pins", '[names]\nclaim = "pinned"\n[packages.a]\nrepository = "a"', []],
    ["a reservation for nobody", '[names]\nreserved = { "a-*" = [], "b-*" = ["b"] }', ["3 reserved-for-nobody"]],
    ["a tag of somebody", `${rule("")}when = { ref = ["refs/tags/*"] }`, ["2 never-matches"]],
    ["an environment of a role", `${rule('who = ["role:write"]')}when = { environment = ["a"] }`, ["2 never-matches"]],
    ["an environment of everyone", `${rule('who = ["everyone"]')}when = { environment = ["a"] }`, []],
    ["a tag of a workflow", `${rule('who = ["team:a", "workflow:a"]')}when = { ref = ["refs/tags/*"] }`, []],
    ["publishers", '[publishers]\n"*" = "refuse"\ncore = { ref = ["refs/tags/*"] }', []],
    [
      "a rule for workflows that publishers refuse",
      `[publishers]\n"*" = "refuse"\nb = "default"\n${rule('who = ["workflow:A", "workflow:b", "team:a"]')}`,
      ["5 refused-publisher"],
    ],
    [
      "a rule for workflows whose reading publishers do not touch",
      `[publishers]\n"*" = "refuse"\n${rule('who = ["workflow:a"]').replace('"rcudm"', '"r"')}`,
      [],
    ],
    ["a denial beside publishers", `[publishers]\na = "refuse"\n${deny('who = ["workflow:a"]')}`, []],
    ["a workflow that publishers limit", `[publishers]\na.ref = ["*"]\n${rule('who = ["workflow:a"]')}`, []],
    [
      "in the order of the file",
      `[roles.raed]\n${rule("")}when = { ref = ["refs/tags/*"] }\n[names]\nreserved.a = []`,
      ["2 unknown-role", "3 never-matches", "10 reserved-for-nobody"],
    ],
  ])("%s", (_, text, warnings) => {
    expect(warned(text)).toEqual(warnings);
  });

  const wide = (line = 'effect = "deny"') => rule(line, 'effect = "deny"').replace('"rcudm"', '"ud"');
  const narrow = (line = "") => rule(line).replace('"rcudm"', '"u"');

  it.each<[about: string, wider: string, rule: string, isShadowed: boolean]>([
    ["a deny on the same packages", wide(), narrow(), true],
    ["a deny of a part of it", wide(), narrow('permissions = "rd"'), false],
    ["a deny on other packages", wide('packages = ["a-*"]'), narrow(), false],
    ["a deny on one of its packages", wide('packages = ["a-*"]'), narrow('packages = ["a-*", "b-*"]'), false],
    ["a deny on more packages", wide('packages = ["a-*", "b-*", "c"]'), narrow('packages = ["a-*", "b-*"]'), true],
    ["an allow", wide().replace("deny", "allow"), narrow('effect = "deny"'), false],
    ["an allow that says it before", wide().replace("deny", "allow"), narrow(), true],
    ["a deny that says it before", wide(), narrow('effect = "deny"'), true],
    ["a deny of members, for a team", wide(), narrow('who = ["team:a"]'), true],
    ["a deny of members, for a user who may be none", wide(), narrow('who = ["user:a"]'), false],
    ["a deny of everyone, for a user", wide('who = ["everyone"]'), narrow('who = ["user:a"]'), true],
    ["a deny of one of two", wide('who = ["user:A"]'), narrow('who = ["user:a", "user:b"]'), false],
    ["a deny of both of two", wide('who = ["user:A", "user:b"]'), narrow('who = ["user:a"]'), true],
    ["a deny of a team of that name", wide('who = ["team:a"]'), narrow('who = ["user:a"]'), false],
    ["a deny on one index", `${wide()}indexes = ["a"]\n`, narrow(), false],
    ["a deny on its index", `${wide()}indexes = ["a", "b"]\n`, `${narrow()}indexes = ["a"]\n`, true],
    ["a deny on another index", `${wide()}indexes = ["b"]\n`, `${narrow()}indexes = ["a"]\n`, false],
    ["a deny under a condition", `${wide()}when = { visibility = ["public"] }\n`, narrow(), false],
  ])("a rule beside %s", (_, wider, text, isShadowed) => {
    const line = 2 + wider.trimEnd().split("\n").length;
    expect(warned(wider + text)).toEqual(isShadowed ? [`${line} never-matches`] : []);
  });

  it("are sentences that say what to do", () => {
    const text = `${wide('permissions = "u"')}${wide('permissions = "d"')}${rule('permissions = "ud"')}
[names]
reserved.a = []
claim = "pinned"
[roles.raed]
[roles.admin]
permissions = "c"
[publishers]
core = "refuse"
${rule('who = ["workflow:core"]')}`;
    expect(warnings(text).map(({ message }) => message)).toEqual([
      'names.claim is "pinned" and nothing is pinned, so no package is served; pin some with: packgate claims --toml.',
      "This rule never decides anything: the rules in lines 2 and 7 decide wherever it could; remove it, or name fewer people or packages there.",
      '"a" is reserved for no repository, so nobody may claim such names; list repositories, or pin the names.',
      `"raed" is none of GitHub's own roles; if it is no custom role, did you mean "read"?`,
      "No owner of the organization may read, yank, delete or manage packages any more, save where a rule for certain names allows it; leave owners something to mend with.",
      "This rule lets workflow:core change packages, and the entry of publishers in line 25 refuses that whatever rules say; take one of them away.",
    ]);
  });

  it("show the line that they are about", () => {
    expect(warnings("[roles.raed]")).toMatchObject([
      { path: "packgate.toml", line: 2, codeblock: "1:  version = 1\n2:  [roles.raed]\n    ^" },
    ]);
    expect(warnings('[names]\nclaim = "pinned"')[0]).not.toHaveProperty("line");
  });
});
