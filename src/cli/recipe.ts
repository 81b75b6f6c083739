import { closest } from "../text/closest.ts";
import { misuse } from "./arguments.ts";
import { EXIT, type Io } from "./io.ts";
import { serverUrl } from "./packgate.ts";
import type { Verb } from "./verb.ts";

/** Reads a file below `examples/`. Throws when there is none. */
export type ReadExample = (path: string) => string;

interface Recipe {
  readonly summary: string;
  /** Below `examples/`, in the order in which they are read. */
  readonly files: readonly string[];
  /** What the files leave to whoever starts them. */
  readonly settings?: string;
  /** It says where Packgate listens as host and port, so there is no place for TLS or a path. */
  readonly byAddress?: true;
}

/** The very files of the examples, which the end-to-end tests start. */
const RECIPES: ReadonlyMap<string, Recipe> = new Map([
  ["nginx", { summary: "any index behind nginx (auth_request)", files: ["nginx-static/nginx.conf"] }],
  ["caddy", { summary: "any index behind Caddy (forward_auth)", files: ["caddy-static/Caddyfile"] }],
  [
    "traefik",
    {
      summary: "any index behind Traefik (ForwardAuth)",
      files: ["traefik-static/traefik.yml", "traefik-static/index.yml"],
    },
  ],
  [
    "haproxy",
    {
      summary: "any index behind HAProxy (Lua)",
      files: ["haproxy-pypiserver/haproxy.cfg", "haproxy-pypiserver/packgate.lua"],
    },
  ],
  ["envoy", { summary: "any index behind Envoy (ext_authz)", files: ["envoy-static/envoy.yaml"], byAddress: true }],
  [
    "pypicloud",
    {
      summary: "pypicloud itself (pypi.auth = remote)",
      settings:
        "# Into [app:main] of server.ini, or as run.sh gives them:\n" +
        "auth.backend_server = @PACKGATE_URL@/pypicloud\n" +
        "auth.user = NAME-OF-THAT-INDEX-CLIENT\n" +
        "auth.password = @PACKGATE_KEY@\n",
      files: ["pypicloud/server.ini", "pypicloud/checked.py"],
    },
  ],
  [
    "pypiserver",
    {
      summary: "pypiserver, by a middleware",
      settings:
        "# The environment of examples/pypiserver/run.sh:\n" +
        "PACKGATE_URL=@PACKGATE_URL@\nPACKGATE_KEY=@PACKGATE_KEY@\nPORT=@PORT@\n",
      files: ["index", "packgate_wsgi", "names", "refused", "upload"].map((name) => `pypiserver/${name}.py`),
    },
  ],
  ["devpi", { summary: "devpi behind nginx", files: ["devpi/nginx.conf", "devpi/create_index.py"] }],
  ["pulp", { summary: "Pulp behind nginx, with Packgate's users", files: ["pulp/nginx.conf", "pulp/settings.py"] }],
  ["nginx-tls", { summary: "TLS and trusted publishing, before any index that asks", files: ["nginx-tls/nginx.conf"] }],
]);

const NAMES = [...RECIPES.keys()];

/** @param readExample where the files of the examples come from */
export function recipeVerb(readExample: ReadExample): Verb {
  return {
    name: "recipe",
    summary: "how an index, or the proxy before it, is configured to ask this Packgate",
    operands: ["INDEX"],
    options: {
      index: { value: "HOST:PORT", meaning: "where the index itself listens; 127.0.0.1:8081 unless told" },
      port: { value: "PORT", meaning: "where people reach it; 8080 unless told" },
    },
    notes: `INDEX is "list", or one of:\n${overview()}\n\nPACKGATE_URL fills in where Packgate is; put the key in yourself where it says ${KEY}.`,
    run: async (args, io) => {
      const name = args.operand("INDEX");
      if (name === "list") {
        io.stdout.write(`${overview()}\n`);
        return EXIT.ok;
      }
      const recipe = RECIPES.get(name);
      if (recipe === undefined) throw misuse({ name: "recipe" }, unknown(name));
      const values = valuesFor(io, args.text("index") ?? "127.0.0.1:8081", args.text("port") ?? "8080");
      if (recipe.byAddress === true && !/^http:\/\/[^/]+$/.test(serverUrl(io)))
        throw misuse({ name: "recipe" }, NO_TLS);
      const texts = recipe.files.map((path) => `${heading(path)}${readExample(path)}`);
      const settings = recipe.settings === undefined ? [] : [recipe.settings];
      io.stdout.write([...settings, ...texts].map((text) => fill(text, values)).join("\n"));
      return EXIT.ok;
    },
  };
}

const NO_TLS =
  "for envoy is for a Packgate on Envoy's own machine: set PACKGATE_URL to where that listens, such as http://127.0.0.1:3000";
const KEY = "YOUR-SECRET-OF-AN-INDEX-CLIENT";

function overview(): string {
  return [...RECIPES].map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`).join("\n");
}

function unknown(name: string): string {
  const meant = closest(name, NAMES);
  const fix = meant === undefined ? `one of ${NAMES.join(", ")}` : `did you mean ${meant}?`;
  return `has none for "${name}": ${fix}`;
}

function heading(path: string): string {
  return `${path.endsWith(".lua") ? "--" : "#"} examples/${path}\n`;
}

/** What stands for each of the words in @CAPITALS@. */
function valuesFor(io: Io, index: string, port: string): ReadonlyMap<string, string> {
  const url = serverUrl(io);
  const { hostname, port: packgatePort, protocol } = new URL(url);
  const [indexHost = "", indexPort = ""] = splitAddress(index);
  if (!/^\d{1,5}$/.test(port)) throw misuse({ name: "recipe" }, "needs --port as a number");
  return new Map([
    ["PACKGATE_URL", url],
    ["PACKGATE_HOST", hostname],
    ["PACKGATE_PORT", packgatePort || (protocol === "https:" ? "443" : "80")],
    ["PACKGATE_KEY", KEY],
    ["INDEX", index],
    ["INDEX_HOST", indexHost],
    ["INDEX_PORT", indexPort],
    ["FILES_PORT", indexPort],
    ["PORT", port],
    ["PACKAGES", "/srv/packages"],
    ["RUN", "/run/packgate-example"],
  ]);
}

function splitAddress(address: string): readonly string[] {
  const [, host, port] = /^([A-Za-z0-9.-]+|\[[0-9a-f:]+\]):(\d{1,5})$/i.exec(address) ?? [];
  if (host === undefined || port === undefined) throw misuse({ name: "recipe" }, "needs --index as HOST:PORT");
  return [host, port];
}

function fill(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(/@([A-Z_]+)@/g, (word, name: string) => values.get(name) ?? word);
}
