import { readFileSync } from "node:fs";
import { parse } from "smol-toml";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { decide } from "../../src/domain/decide.ts";
import type { Permission } from "../../src/domain/roles.ts";
import { parseAction } from "../../src/domain/roles.ts";
import { parsePolicy } from "../../src/policy/parse.ts";
import { draw, packageName } from "../domain/facts-builder.ts";
import { heldClaims, viewOf } from "../domain/views.ts";

const ROWS = z
  .strictObject({
    rows: z.array(
      z.strictObject({
        /** `NAMESPACE: LETTERS`, comma separated; `0` gives nothing. */
        rules: z.string(),
        check: z.string(),
        letters: z.string(),
        grainy: z.boolean(),
        about: z.string().optional(),
        /** Why we decide otherwise. */
        differs: z.string().optional(),
      }),
    ),
  })
  .parse(parse(readFileSync(new URL("grainy.toml", import.meta.url), "utf8"))).rows;

const ALL = "rcud";

/** A namespace as a prefix of names; a wildcard at the end says nothing that the namespace does not. */
function pattern(namespace: string): string {
  return namespace === "*" ? "*" : `${nameOf(namespace.replace(/\.\*$/, ""))}-*`;
}

function nameOf(namespace: string): string {
  return namespace.replaceAll(/[._]/g, "-");
}

function policyOf(rules: string): string {
  const statements = rules.split(", ").flatMap((text) => {
    const [namespace = "", letters = ""] = text.split(": ");
    const given = Array.from(ALL).filter((letter) => letters.includes(letter));
    const others = Array.from(ALL).filter((letter) => !letters.includes(letter));
    return [
      statement(pattern(namespace), given.join(""), "allow"),
      statement(pattern(namespace), others.join(""), "deny"),
    ];
  });
  return `version = 1\n${statements.join("")}`;
}

function statement(name: string, letters: string, effect: string): string {
  if (letters === "") return "";
  return `[[rules]]\nwho = ["members"]\npackages = ["${name}"]\npermissions = "${letters}"\neffect = "${effect}"\n`;
}

/** Whether a member without any role may do all of it. */
function passes(rules: string, namespace: string, letters: string): boolean {
  const parsed = parsePolicy(policyOf(rules), "packgate.toml");
  if ("faults" in parsed) throw new Error(parsed.faults[0]?.message);
  const drawn = draw({ members: ["alice"], repositories: { core: { declares: [nameOf(namespace)] } } });
  const view = viewOf(drawn.facts, heldClaims(drawn), parsed.policy);
  const alice = { kind: "user", id: drawn.user("alice") } as const;
  const permissions = Array.from(letters, (letter): Permission => parseAction(letter) ?? "manage");
  return permissions.every(
    (permission) => decide(view, alice, permission, packageName(nameOf(namespace))).outcome === "allow",
  );
}

describe("grainy's semantics", () => {
  it("are known in many rows, with one difference", () => {
    expect(ROWS.length).toBeGreaterThanOrEqual(20);
    const differing = ROWS.filter(({ differs }) => differs !== undefined);
    expect(new Set(differing.map(({ differs }) => differs)).size).toBe(1);
    expect(differing.every(({ letters }) => letters.length > 1)).toBe(true);
  });

  it.each(ROWS)("$rules → $check $letters: $grainy", ({ rules, check, letters, grainy, differs }) => {
    expect(passes(rules, check, letters)).toBe(differs === undefined ? grainy : !grainy);
  });
});
