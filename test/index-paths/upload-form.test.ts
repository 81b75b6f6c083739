import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePackageName } from "../../src/domain/package-name.ts";
import { boundaryOf } from "../../src/index-paths/form-head.ts";
import type { UploadForm } from "../../src/index-paths/form-reader.ts";
import { createFormReader, MAX_FORM_HEAD } from "../../src/index-paths/form-reader.ts";
import type { FormPart } from "./forms.ts";
import { BOUNDARY, encodeForm, field, file, FORM_TYPE, uploadParts } from "./forms.ts";

/** What comes of a body that arrives in pieces of so many characters. */
function read(body: string, size = body.length + 1, boundary = BOUNDARY): UploadForm {
  const reader = createFormReader(boundary);
  for (let at = 0; at < body.length; at += size) if (!reader.take(body.slice(at, at + size))) break;
  return reader.end();
}

const parts = uploadParts();
const GOOD = encodeForm(parts);
const problem = (text: string): UploadForm => ({ problem: expect.stringContaining(text) });
const without = (name: string): FormPart[] => parts.filter((part) => part.name !== name);
const instead = (part: FormPart): FormPart[] => parts.map((other) => (other.name === part.name ? part : other));
const behind = (...more: FormPart[]): FormPart[] => [...parts, ...more];
const before = (...more: FormPart[]): FormPart[] => [...more, ...parts];

describe("an upload", () => {
  it.each([
    ["a wheel", parts, ["acme-core"]],
    ["an sdist", uploadParts("Acme.Core", "acme_core-1.0.tar.gz"), ["acme-core"]],
    ["an old sdist", uploadParts("acme", "acme-core-1.0.tar.gz"), ["acme", "acme-core"]],
    ["an empty file", instead(file("acme_core-1.0.tar.gz", "")), ["acme-core"]],
    ["a signature", before(file("acme_core-1.0-py3-none-any.whl.asc", "x", "gpg_signature")), ["acme-core"]],
    [
      "a typed field",
      instead({ ...field("version", "1"), headers: ["Content-Type: text/plain; charset=utf-8"] }),
      ["acme-core"],
    ],
    ["a description in other scripts", instead(field("description", "\u00c3\u00a9\u0000--x")), ["acme-core"]],
    ["a file that looks like a form", instead(file("acme_core-1.0.zip", encodeForm(parts, "another"))), ["acme-core"]],
  ] as const)("is read: %s", (_, form, names) => {
    expect(read(encodeForm(form))).toEqual({ names, whole: true });
  });

  it.each([
    ["no action", without(":action"), ":action"],
    ["another action", instead(field(":action", "remove_pkg")), ":action"],
    ["an action with a space", instead(field(":action", "file_upload ")), ":action"],
    ["two actions", before(field(":action", "remove_pkg")), ":action twice"],
    ["the same action twice", before(field(":action", "file_upload")), ":action twice"],
    ["an action that is a file too", before(file("x", "remove_pkg", ":action")), "no content"],
    ["no name", without("name"), "no valid name"],
    ["two names", before(field("name", "other")), "name twice"],
    ["a name behind the file", [...without("name"), field("name", "acme-core")], "no valid name"],
    ["a second name behind the file", behind(field("name", "other")), "follows its file"],
    ["a second action behind the file", behind(field(":action", "remove_pkg")), "follows its file"],
    ["a second file", behind(file("other-1.0.tar.gz")), "follows its file"],
    ["a name that is none", instead(field("name", "-acme-")), "no valid name"],
    ["a name with a line break", instead(field("name", "acme-core\r\n")), "no valid name"],
    ["a name of another project", instead(field("name", "other")), "different projects"],
    ["a file of another project", instead(file("other-1.0.tar.gz")), "different projects"],
    ["a file with a path", instead(file("../acme_core-1.0.tar.gz")), "different projects"],
    ["what lies beside a file", instead(file("acme_core-1.0.tar.gz.asc")), "different projects"],
    [
      "a name in another character set",
      instead({ ...field("name", "acme-core"), headers: ["Content-Type: text/plain; charset=utf-7"] }),
      "does not belong there",
    ],
    ["no file", without("content"), "no file follows"],
    ["a content that is no file", instead(field("content", "x")), "no file"],
    ["another file first", before(file("x.txt", "x", "attachment")), "no content"],
    ["somebody else's signature", before(file("other.asc", "x", "gpg_signature")), "another file"],
    ["a signature that is no file", before(field("gpg_signature", "x")), "another file"],
    ["two signatures", before(file("a", "x", "gpg_signature"), file("b", "x", "gpg_signature")), "gpg_signature twice"],
    [
      "a transfer encoding",
      instead({ ...field("name", "x"), headers: ["Content-Transfer-Encoding: base64"] }),
      "header",
    ],
    ["a form in a form", instead({ ...field("name", "x"), headers: ["Content-Type: multipart/mixed"] }), "header"],
    [
      "two dispositions",
      instead({ ...field("name", "x"), headers: ['Content-Disposition: form-data; name="y"'] }),
      "header",
    ],
    ["two types", instead({ ...file("x"), headers: ["Content-Type: text/plain"] }), "header"],
    ["a folded header", instead({ ...field("name", "x"), headers: [' ; filename="y"'] }), "header"],
    ["a quoted quote", before(field('na\\"me', "x")), "header"],
    ["an empty name", before(field("", "x")), "header"],
    ["a name without quotes", "name=name", "header"],
    ["an extended name", `name="name"; filename*=utf-8''x`, "header"],
  ] as const)("is refused: %s", (_, form, why) => {
    const body = typeof form === "string" ? GOOD.replace('name="name"', form) : encodeForm(form);
    expect(read(body)).toEqual(problem(why));
  });

  it.each([
    ["something before it", `\r\n${GOOD}`, "begin"],
    ["another boundary", GOOD.replaceAll(BOUNDARY, "other"), "begin"],
    ["a boundary that goes on", GOOD.replace(`--${BOUNDARY}\r\n`, `--${BOUNDARY}x\r\n`), "begin"],
    [
      "a boundary with spaces behind",
      GOOD.replace(`1\r\n--${BOUNDARY}\r\n`, `1\r\n--${BOUNDARY} \r\n`),
      "end as it should",
    ],
    ["bare line feeds", GOOD.replaceAll("\r\n", "\n"), "begin"],
    ["a line feed before a boundary", GOOD.replace(`1\r\n--${BOUNDARY}`, `1\n--${BOUNDARY}`), "end as it should"],
    ["a boundary inside a field", GOOD.replace("Core of", `--${BOUNDARY}`), "end as it should"],
    ["a boundary inside the file", GOOD.replace("PK", `--${BOUNDARY}\r\n`), "follows its file"],
    [
      "a line feed before the last boundary",
      GOOD.replace(`\r\n--${BOUNDARY}--`, `\n--${BOUNDARY}--`),
      "follows its file",
    ],
    ["something behind it", `${GOOD}x`, "follows its file"],
    ["a second form", GOOD + GOOD, "follows its file"],
    ["nothing", "", "begin"],
    ["a form that ends too early", GOOD.slice(0, 200), "soon enough"],
    ["a form that ends in a field", GOOD.slice(0, GOOD.indexOf("file_upload") + 4), "soon enough"],
    ["a head too long", encodeForm(instead(field("description", "x".repeat(MAX_FORM_HEAD)))), "soon enough"],
  ])("is refused: %s", (_, body, why) => {
    for (const size of [body.length + 1, 1000, 7]) expect(read(body, size)).toEqual(problem(why));
  });

  it("is known to be cut where its end was not seen", () => {
    const content = GOOD.indexOf("PK");
    for (let end = content; end < GOOD.length - 2; end += 1) {
      expect(read(GOOD.slice(0, end))).toEqual({ names: ["acme-core"], whole: false });
    }
    expect(read(GOOD.slice(0, -2))).toEqual({ names: ["acme-core"], whole: true });
    expect(read(GOOD.slice(0, content - 1))).toEqual(problem("soon enough"));
  });

  it("is not kept: a long file passes by", () => {
    const reader = createFormReader(BOUNDARY);
    const [head = "", tail = ""] = GOOD.split("PK");
    reader.take(head);
    for (let chunk = 0; chunk < 1000; chunk += 1) expect(reader.take("x".repeat(64 * 1024))).toBe(true);
    reader.take(tail);
    expect(reader.end()).toEqual({ names: ["acme-core"], whole: true });
  });

  it.each([
    [FORM_TYPE, BOUNDARY],
    ["multipart/form-data;boundary=a", "a"],
    [`multipart/form-data; boundary=${"a".repeat(71)}`, undefined],
    ['multipart/form-data; boundary="a"', undefined],
    ["multipart/form-data; boundary=a; boundary=b", undefined],
    ["multipart/form-data; charset=utf-8; boundary=a", undefined],
    ["multipart/form-data; boundary=", undefined],
    ["multipart/form-data", undefined],
    ["multipart/mixed; boundary=a", undefined],
    ["application/x-www-form-urlencoded", undefined],
    ["", undefined],
  ])("has a boundary that is plain: %s", (type, boundary) => {
    expect(boundaryOf(type)).toBe(boundary);
  });
});

describe("any form at all", () => {
  const bits = [
    "\r\n",
    "\n",
    "\r",
    "--",
    `--${BOUNDARY}`,
    `--${BOUNDARY}\r\n`,
    `--${BOUNDARY}--\r\n`,
    ";",
    '"',
    "\u0000",
  ];
  const names = [":action", "name", "content", "gpg_signature", "filetype"];
  const values = ["file_upload", "remove_pkg", "acme-core", "other", "", "x\r\ny"];
  const anyPart = fc.record({
    name: fc.constantFrom(...names),
    value: fc.constantFrom(...values),
    fileName: fc.constantFrom("acme_core-1.0.tar.gz", "other-1.0.tar.gz"),
    isFile: fc.boolean(),
  });
  const anyForm = fc.oneof(
    fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)), maxLength: 80 }),
    fc
      .array(anyPart, { maxLength: 6 })
      .map((found) =>
        encodeForm(found.map(({ isFile, fileName, ...rest }) => (isFile ? { ...rest, fileName } : rest))),
      ),
    fc
      .array(fc.tuple(fc.nat(GOOD.length), fc.constantFrom(...bits, ...values, ...names), fc.nat(12)), { maxLength: 3 })
      .map((edits) => edits.reduce((text, [at, bit, cut]) => text.slice(0, at) + bit + text.slice(at + cut), GOOD)),
  );

  it("never throws, and comes to the same in whichever pieces it arrives", () => {
    fc.assert(
      fc.property(anyForm, fc.integer({ min: 1, max: 40 }), (body, size) => {
        expect(read(body, size)).toEqual(read(body));
      }),
      { numRuns: 2_000 },
    );
  });

  it("is believed only if another parser, a lenient one, reads the same", async () => {
    let believed = 0;
    await fc.assert(
      fc.asyncProperty(anyForm, async (body) => {
        const result = read(body);
        if ("problem" in result || !result.whole) return;
        const response = new Response(Buffer.from(body, "latin1"), { headers: { "content-type": FORM_TYPE } });
        const form = await response.formData().catch(() => undefined);
        if (form === undefined) return;
        believed += 1;
        expect(form.getAll(":action")).toEqual(["file_upload"]);
        const [name, ...more] = form.getAll("name");
        expect(more).toEqual([]);
        expect(typeof name === "string" && parsePackageName(name)).toBe(result.names[0]);
        const contents = form.getAll("content");
        expect(contents).toHaveLength(1);
        expect(contents[0]).toMatchObject({ name: expect.stringMatching(/^acme_core-/) as unknown });
      }),
      { numRuns: 3_000 },
    );
    expect(believed).toBeGreaterThan(100);
  });
});
