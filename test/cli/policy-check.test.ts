import { describe, expect, it } from "vitest";
import { plain, run } from "./terminal.ts";

const check = (text: string, options: readonly string[] = [], io: Parameters<typeof run>[1] = {}) =>
  run(["policy", "check", "packgate.toml", ...options], io, {
    readFile: (path) => {
      if (path === "packgate.toml") return text;
      throw Object.assign(new Error("no such file"), { code: "ENOENT" });
    },
  });

const VALID =
  'version = 1\n[roles.maintain]\npermissions = "rcu"\n[packages.a]\nrepository = "a"\n[packages.b]\nrepository = "b"\n';
const FAULTY = 'version = 1\n[roles.maintain]\npermissions = "rx"\nlable = "M"\n';
const DOUBTFUL = 'version = 1\n[names]\nclaim = "pinned"\n[roles.admin]\npermissions = ""\n';

describe("packgate policy check", () => {
  it("says of a valid file what is in it", async () => {
    const out = "packgate.toml is valid: 1 role, 0 reservations, 2 pins, 0 publishers, 0 rules\n";
    expect(await check(VALID)).toEqual({ code: 0, out, err: "" });
  });

  it("shows every fault with its place, and fails", async () => {
    const { code, out, err } = await check(FAULTY, [], { isTTY: true });
    expect({ code, err }).toEqual({ code: 1, err: "" });
    expect(out).toContain("\u001b[31merror:\u001b[0m");
    expect(plain(out))
      .toBe(`error:  roles.maintain.permissions has "rx", and the letters are r (read), c (upload), u (yank), d (delete) and m (manage); leave out the others.
 --> packgate.toml:3:15
2:  [roles.maintain]
3:  permissions = "rx"
                  ^
4:  lable = "M"

error:  roles.maintain.lable is not known here; did you mean label?
 --> packgate.toml:4:1
3:  permissions = "rx"
4:  lable = "M"
    ^

packgate.toml has 2 faults and would change nothing
`);
  });

  it("warns of what is valid and hardly meant", async () => {
    const { code, out } = await check(DOUBTFUL);
    expect(code).toBe(0);
    expect(out).toMatch(/^warning:\tnames\.claim is "pinned" and nothing is pinned.*\n --> packgate\.toml\n\n/);
    expect(out).toContain("\n --> packgate.toml:4\n3:  claim");
    expect(out).toContain("packgate.toml is valid: 1 role");
  });

  it("tells machines the same", async () => {
    const valid = await check(VALID, ["--json"]);
    expect(valid.code).toBe(0);
    expect(JSON.parse(valid.out)).toEqual({ file: "packgate.toml", valid: true, faults: [], warnings: [] });

    const faulty = await check(FAULTY, ["--json"]);
    expect(faulty.code).toBe(1);
    expect(JSON.parse(faulty.out)).toMatchObject({
      valid: false,
      faults: [
        { path: "packgate.toml", line: 3, column: 15, codeblock: expect.stringContaining("^") },
        { line: 4, column: 1, message: "roles.maintain.lable is not known here; did you mean label?" },
      ],
      warnings: [],
    });

    const doubtful = await check(DOUBTFUL, ["--json"]);
    expect(JSON.parse(doubtful.out)).toMatchObject({
      valid: true,
      warnings: [{ kind: "nothing-served" }, { kind: "owners-locked-out", line: 4 }],
    });
  });

  it("is misused without a file that can be read", async () => {
    const { code, out, err } = await run(
      ["policy", "check", "missing.toml"],
      {},
      {
        readFile: () => {
          throw Object.assign(new Error("no such file"), { code: "ENOENT" });
        },
      },
    );
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toBe("packgate: cannot read missing.toml (ENOENT); name a policy file, as packgate.toml\n");
    expect((await run(["policy", "check", "missing.toml"])).err).toContain("(no file)");
  });

  it("lets no control character of a file through", async () => {
    const { out } = await check('version = 1\n"\u001b[31m" = 1\n"\\u001b[31m" = 1\n');
    expect(out).not.toContain("\u001b");
  });
});
