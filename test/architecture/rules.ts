import { posix } from "node:path";

/** One file: its path from the root of the repository, with forward slashes, and its text. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/**
 * Who may import whom, by the beginnings of paths. Everybody may import their own area. `http` and `github` meet only
 * in `service.ts`; the pure core (`domain`, `text`, `manifests`, `index-paths`, `policy`, `state`) knows nobody outside
 * itself.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "src/domain/": ["re2js"],
  "src/text/": ["smol-toml", "fastest-levenshtein"],
  "src/manifests/": ["src/domain/", "src/text/", "smol-toml"],
  "src/index-paths/": ["src/domain/"],
  "src/policy/": ["src/domain/", "src/text/", "src/manifests/formats.ts", "smol-toml", "zod", "re2js"],
  "src/state/": ["src/domain/", "node:util"],
  "src/snapshot/": ["src/state/", "src/domain/", "src/errors.ts", "node:", "zod"],
  "src/tokens/": ["src/domain/", "src/snapshot/files.ts", "node:", "jose", "lru-cache", "zod"],
  "src/errors.ts": [],
  "src/metrics.ts": ["prom-client"],
  "src/logger.ts": ["pino"],
  "src/pretty-log.ts": ["pino", "pino-pretty"],
  "src/config": ["src/text/", "node:"],
  "src/github/": ["src/state/", "src/domain/", "*"],
  "src/http/": ["src/index-paths/", "src/policy/", "src/state/", "src/domain/", "src/errors.ts", "src/metrics.ts", "*"],
  // What joins the two sides.
  "src/progress.ts": ["src/domain/"],
  "src/manifest-problems.ts": ["src/domain/"],
  "src/policy-problems.ts": ["src/domain/", "src/policy/"],
  "src/readiness.ts": [
    "src/policy-problems.ts",
    "src/github/session.ts",
    "src/http/service.ts",
    "src/manifest-problems.ts",
    "src/state/",
    "src/domain/",
  ],
  "src/service/": [
    "src/github/",
    "src/http/service.ts",
    "src/manifests/",
    "src/policy/",
    "src/text/",
    "src/snapshot/",
    "src/state/",
    "src/tokens/",
    "src/domain/",
    "src/config",
    "src/metrics.ts",
    "*",
  ],
  "src/service.ts": [
    "src/service/",
    "src/github/",
    "src/http/",
    "src/manifests/",
    "src/snapshot/",
    "src/state/",
    "src/domain/",
    "src/config",
    "*",
  ].concat([
    "src/errors.ts",
    "src/metrics.ts",
    "src/logger.ts",
    "src/progress.ts",
    "src/readiness.ts",
    "src/manifest-problems.ts",
  ]),
  "src/serve.ts": ["src/service.ts", "src/config", "src/http/server.ts", "src/github/failure.ts", "*"],
  // A command asks a running Packgate over HTTP; only setup and doctor speak with GitHub themselves.
  "src/cli/": [
    "src/domain/",
    "src/text/",
    "src/policy/",
    "src/config",
    "src/github/doctor",
    "src/github/app-manifest.ts",
    "*",
  ],
  "src/main.ts": ["src/", "*"],
};

/** Stands for every npm package and every part of Node. */
const ANY_PACKAGE = "*";

/** What only the edge of the process may touch: elsewhere it comes in as a parameter, so that tests decide it. */
const EDGE = "src/main.ts";
const AMBIENT: readonly (readonly [string, RegExp])[] = [
  ["the clock", /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.now\b/],
  ["the process", /\bprocess\.\w/],
  ["chance", /\bMath\.random\b/],
];

const MAX_LINES = 200;

/** Files that are longer for a reason: path → reason. */
export type LongFiles = Readonly<Record<string, string>>;

/** @returns one sentence for each breach of the architecture; none for a clean tree */
export function violations(sources: readonly Source[], long: LongFiles = {}): string[] {
  const found = sources.flatMap((source) => [
    ...importFaults(source),
    ...ambientFaults(source),
    ...(/(^|\/)utils?(\/|\.ts$)/.test(source.path) ? [`${source.path}: name it after what it does, not "utils"`] : []),
    ...lengthFaults(source, long),
  ]);
  const stale = Object.keys(long).filter((path) => !sources.some((source) => source.path === path));
  return [...found, ...stale.map((path) => `${path}: listed as long, but there is no such file`)];
}

function importFaults({ path, text }: Source): string[] {
  const area = Object.keys(MAY_IMPORT).find((prefix) => path.startsWith(prefix));
  if (area === undefined) return [`${path}: belongs to no area; say in test/architecture/rules.ts what it may import`];
  const allowed = [area, ...(MAY_IMPORT[area] ?? [])];
  return importsOf(text).flatMap((specifier) => {
    const relative = specifier.startsWith(".");
    const target = relative ? posix.join(posix.dirname(path), specifier) : specifier;
    const permitted = allowed.some((prefix) => (prefix === ANY_PACKAGE ? !relative : target.startsWith(prefix)));
    return permitted ? [] : [`${path}: may not import ${target}`];
  });
}

function ambientFaults({ path, text }: Source): string[] {
  const code = withoutComments(text);
  const faults = /\bconsole\./.test(code) ? [`${path}: speaks to the console`] : [];
  if (path === EDGE) return faults;
  return [...faults, ...AMBIENT.flatMap(([what, use]) => (use.test(code) ? [`${path}: reaches for ${what}`] : []))];
}

function lengthFaults({ path, text }: Source, long: LongFiles): string[] {
  const lines = text.trimEnd().split("\n").length;
  if (lines > MAX_LINES && long[path] === undefined) return [`${path}: has ${lines} lines; split it, or list why not`];
  return lines <= MAX_LINES && long[path] !== undefined ? [`${path}: is no longer long; take it off the list`] : [];
}

/** Everything a file imports, re-exports or imports while running. */
export function importsOf(text: string): string[] {
  const code = withoutComments(text);
  const patterns = [
    /^\s*(?:import|export)\s[^"';]*?\bfrom\s*["']([^"']+)["']/gm,
    /^\s*import\s*["']([^"']+)["']/gm,
    /\bimport\(\s*["']([^"']+)["']/g,
  ];
  return patterns.flatMap((pattern) => [...code.matchAll(pattern)].map(([, specifier]) => specifier ?? ""));
}

// Whole-line comments only, so that a URL in a string stays what it is.
function withoutComments(text: string): string {
  return text.replace(/^\s*\/\*[\s\S]*?\*\//gm, "").replace(/^\s*\/\/.*$/gm, "");
}
