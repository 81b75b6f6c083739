import { readFileSync, writeFileSync } from "node:fs";
import { format } from "prettier";

import { renderEnvExample, renderEnvironmentTable } from "../src/config/document.ts";
import { renderOpenApi } from "../src/http/contract/openapi.ts";
import { renderRoleMatrix } from "../src/policy/document.ts";

/** A committed file, or a section of one, that is made from the source. */
interface Generated {
  /** Path from the repository's root. */
  readonly file: string;
  /** The whole text the file should have, given the text it has now (`undefined`: there is no such file). */
  readonly render: (current: string | undefined) => string | Promise<string>;
}

/** To generate another file, add a row. */
const GENERATED: readonly Generated[] = [
  { file: ".env.example", render: renderEnvExample },
  { file: "openapi.json", render: () => renderOpenApi() },
  { file: "docs/policy.md", render: section("roles", renderRoleMatrix) },
  { file: "README.md", render: section("environment", renderEnvironmentTable) },
];

/** Replaces what stands between `<!-- name:start -->` and `<!-- name:end -->` of a Markdown file that people write. */
function section(name: string, body: () => string): Generated["render"] {
  const start = `<!-- ${name}:start -->`;
  const end = `<!-- ${name}:end -->`;
  return async (current) => {
    if (current === undefined) throw new Error("the file is missing");
    const [before, inside, ...more] = current.split(start);
    const [, after, ...rest] = inside?.split(end) ?? [];
    if (before === undefined || after === undefined || more.length > 0 || rest.length > 0) {
      throw new Error(`it must contain ${start} and ${end}, once each and in this order`);
    }
    const markdown = await format(body(), { parser: "markdown", printWidth: 120 });
    return `${before}${start}\n\n${markdown}\n${end}${after}`;
  };
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** Writes one generated file, or with `check` only compares. Returns what is wrong, if anything. */
async function generate({ file, render }: Generated, check: boolean): Promise<string | undefined> {
  try {
    const current = read(file);
    const wanted = await render(current);
    if (current === wanted) return undefined;
    if (check) return `${file} is out of date; run: npm run generate`;
    writeFileSync(file, wanted);
    return undefined;
  } catch (error) {
    return `${file} cannot be generated: ${error instanceof Error ? error.message : String(error)}`;
  }
}

const check = process.argv.includes("--check");
const problems: string[] = [];
for (const entry of GENERATED) {
  const problem = await generate(entry, check);
  if (problem !== undefined) problems.push(problem);
}
if (problems.length > 0) {
  process.stderr.write(`${problems.join("\n")}\n`);
  process.exitCode = 1;
} else {
  process.stdout.write(`${GENERATED.length} generated files ${check ? "are up to date" : "written"}\n`);
}
