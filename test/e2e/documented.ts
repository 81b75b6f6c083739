import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import * as z from "zod";
import { ROOT } from "./process.ts";

const PAGE = readFileSync(join(ROOT, "docs/trusted-publishing.md"), "utf8");
const step = z.object({ run: z.string().optional(), with: z.record(z.string(), z.unknown()).optional() });
const workflow = z.object({ jobs: z.object({ publish: z.object({ steps: z.array(step) }) }) });

/** What docs/trusted-publishing.md tells people to put into a workflow, with the index's address for the example's. */
export function documented(url: string) {
  const blocks = (language: string): string[] =>
    [...PAGE.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "gms"))].map(([, text = ""]) =>
      text.replaceAll("https://pypi.example.com", url),
    );
  const [uv = "", action = ""] = blocks("yaml");
  const [twine = ""] = blocks("sh");
  return {
    /** The steps with uv that are lines of shell. */
    uv: workflow.parse(parse(uv)).jobs.publish.steps.flatMap(({ run }) => run ?? []),
    /** What PyPA's action is given. */
    action: Object(z.array(step).parse(parse(action))[0]?.with),
    /** Lines of shell with curl and twine. */
    twine,
  };
}
