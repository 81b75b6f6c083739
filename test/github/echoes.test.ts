import { describe, expect, it } from "vitest";
import { createEchoes, ECHO_MS } from "../../src/github/echoes.ts";
import type { SliceKey } from "../../src/state/slice.ts";
import { createFakeTime } from "./support/fake-time.ts";

function stage() {
  const time = createFakeTime();
  const heard: SliceKey[][] = [];
  const echoes = createEchoes(time, (keys) => heard.push([...keys]));
  const read = (keys: readonly SliceKey[]): void => {
    echoes.expect(keys);
    expect(echoes.after(keys)).toBe(true);
  };
  return { time, heard, echoes, read };
}

const [SOON, LATE] = ECHO_MS;

describe("an echo", () => {
  it("comes some seconds after the reading, and once more a minute after it", async () => {
    const { time, heard, read } = stage();
    read(["members", "access/1"]);
    await time.pass(SOON - 1);
    expect(heard).toEqual([]);
    await time.pass(1);
    expect(heard).toEqual([["members", "access/1"]]);
    await time.pass(LATE - SOON);
    expect(heard).toEqual([
      ["members", "access/1"],
      ["members", "access/1"],
    ]);
    await time.pass(10 * LATE);
    expect(heard).toHaveLength(2);
    expect(time.asleep()).toBe(0);
  });

  it("comes after the last of several readings, and keeps nobody else waiting", async () => {
    const { time, heard, read } = stage();
    read(["members"]);
    await time.pass(3000);
    read(["teams"]);
    await time.pass(1000);
    read(["members"]);
    await time.pass(4000);
    expect(heard).toEqual([["teams"]]);
    await time.pass(1000);
    expect(heard).toEqual([["teams"], ["members"]]);
    // One that is to come late holds up none that is to come soon.
    read(["organization"]);
    await time.pass(SOON);
    expect(heard).toEqual([["teams"], ["members"], ["organization"]]);
  });

  it("does not come any more once it was told to stop", async () => {
    const { time, heard, echoes, read } = stage();
    read(["members"]);
    echoes.stop();
    await time.pass(LATE);
    expect(heard).toEqual([]);
  });

  it("does not come for what nothing has happened to", async () => {
    const { time, heard, echoes } = stage();
    echoes.expect(["teams"]);
    expect(echoes.after(["members"])).toBe(false);
    await time.pass(LATE);
    expect(heard).toEqual([]);
  });
});
