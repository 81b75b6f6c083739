import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readManifests } from "../../src/manifests/index.ts";
import { file } from "./source.ts";

const DIRECTORY = new URL("fixtures/", import.meta.url);

// Each file is a pyproject.toml or setup.cfg in the style of a known project; `undefined` declares nothing.
const DECLARES: Record<string, string | undefined> = {
  "airflow-like.toml": "apache-airflow",
  "attrs-like.cfg": undefined,
  "big-integers.toml": "sixty-four-bits",
  "black-like.toml": "black",
  "build-system-only.toml": undefined,
  "comments-only.toml": undefined,
  "decoy-continuation.cfg": "behind-the-decoys",
  "decoys-in-strings.toml": "the-real-one",
  "default-section.cfg": "inherited-name",
  "default-without-metadata.cfg": undefined,
  "django-like.cfg": "django",
  "dotted-project.toml": "dotted",
  "empty.cfg": undefined,
  "empty.toml": undefined,
  "escaped-value.toml": "acme-core",
  "flake8-only.cfg": undefined,
  "flit-core-in-tree.toml": "flit-core",
  "flit-legacy-dist-name.toml": "acme-namespace-tool",
  "flit-legacy-module.toml": "testpath",
  "flit.toml": "flit",
  "hatch-namespace.toml": "opentelemetry-api",
  "hatch.toml": "hatch",
  "header-comment.cfg": "trailing-comment",
  "indented.cfg": "indented-section",
  "inline-project.toml": "inline",
  "maturin-underscore.toml": "pydantic-core",
  "maturin.toml": "ruff",
  "meson-python.toml": "meson-python",
  "multiline-value.toml": "multi-line",
  "nested-name-tables.toml": "after-its-own-child",
  "no-name.cfg": undefined,
  "numpy-like.toml": "numpy",
  "pbr.cfg": "python-novaclient",
  "pdm.toml": "pdm",
  "poetry-application.toml": undefined,
  "poetry1-groups.toml": "rich",
  "poetry1.toml": "pendulum-tools",
  "poetry2-application.toml": undefined,
  "poetry2-both-names.toml": "acme-service",
  "poetry2.toml": "poetry",
  "prototype-keys.toml": "harmless",
  "quoted-keys.toml": "quoted-keys",
  "requests-like.toml": undefined,
  "scikit-build-core.toml": "awkward-cpp",
  "scipy-like.toml": "scipy",
  "setuptools-scm.toml": "pytest",
  "setuptools.toml": "setuptools",
  "tool-only-ruff.toml": undefined,
  "tox-like.cfg": "tox-plugin",
  "uppercase.cfg": "upper-case",
  "uv-application.toml": "hello-world",
  "uv-root-package.toml": "albatross",
  "uv-virtual-root.toml": undefined,
};

const fixtures = readdirSync(DIRECTORY);

describe("manifests of real projects", () => {
  it("has at least 45 of them, each with its expected name", () => {
    expect(fixtures.length).toBeGreaterThanOrEqual(45);
    expect(fixtures.toSorted()).toEqual(Object.keys(DECLARES).toSorted());
  });

  it.each(fixtures)("%s", (fixture) => {
    const path = fixture.endsWith(".toml") ? "pyproject.toml" : "setup.cfg";
    const text = readFileSync(new URL(fixture, DIRECTORY), "utf8");
    const name = DECLARES[fixture];
    const unixAndWindows = [text, text.replaceAll("\n", "\r\n")].map((text) => readManifests([file(path, text)]));
    const expected = { declarations: name === undefined ? [] : [{ name, path }], problems: [] };
    expect(unixAndWindows).toEqual([expected, expected]);
  });

  it("reads a file with a byte order mark, as TOML parsers do", () => {
    const { declarations } = readManifests([file("pyproject.toml", '\uFEFF[project]\r\nname = "windows-file"\r\n')]);
    expect(declarations).toEqual([{ name: "windows-file", path: "pyproject.toml" }]);
  });

  it("takes a lone carriage return in setup.cfg for a newline, as Python does", () => {
    const { declarations } = readManifests([file("setup.cfg", "[metadata]\rname = old-mac\rversion = 1\r")]);
    expect(declarations).toEqual([{ name: "old-mac", path: "setup.cfg" }]);
  });
});
