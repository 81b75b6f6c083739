import * as fc from "fast-check";
import { differences } from "../github/support/against-truth.ts";
import type { Step } from "../github/support/random-edits.ts";
import { createRandom } from "../simulator/random.ts";
import { edit, isSilent } from "./edits.ts";
import type { Stage, StageOptions } from "./stage.ts";
import { createStage, INTERVALS } from "./stage.ts";
import type { Weather } from "./world-reader.ts";
import { FAIR } from "./world-reader.ts";

/** One thing that happens. */
export type Move =
  | { readonly do: "edit"; readonly step: Step }
  | { readonly do: "deliver" | "repeat" | "lose"; readonly which: number }
  | { readonly do: "deliver all"; readonly seed: number }
  | { readonly do: "pass"; readonly milliseconds: number }
  | { readonly do: "weather"; readonly weather: Weather; readonly lag: number };

export interface Sequence {
  readonly seed: number;
  /** Whether everything has been read once before anything happens. */
  readonly settled: boolean;
  readonly moves: readonly Move[];
  /** How many of a hundred webhooks that are under way at the end are lost. */
  readonly lost: number;
}

/** Which sequences. */
export interface Kind {
  /** Whether everything has been read once before anything happens. */
  readonly settled: boolean;
  /** Whether GitHub tells of every change, each webhook arrives some time, and replicas do not lag. */
  readonly heard: boolean;
}

const number = fc.nat(99);
const edits = (heard: boolean): fc.Arbitrary<Move> => {
  const step = fc.record({ edit: fc.nat(9999), a: number, b: number, c: number });
  return fc.record({ do: fc.constant("edit"), step: heard ? step.filter((each) => !isSilent(each)) : step });
};
const anyWeather = (heard: boolean): fc.Arbitrary<Move> =>
  fc.record({
    do: fc.constant("weather"),
    weather: fc.record({
      slow: fc.constantFrom(0, 200, 5_000, 20_000),
      stale: heard ? fc.constant(false) : fc.boolean(),
      failing: fc.constantFrom(0, 0, 10, 50),
    }),
    lag: heard ? fc.constant(0) : fc.constantFrom(0, 3_000, 30_000),
  });

const anyMove = ({ heard }: Kind): fc.Arbitrary<Move> =>
  fc.oneof(
    { weight: 8, arbitrary: edits(heard) },
    { weight: 3, arbitrary: fc.record({ do: fc.constantFrom("deliver", "repeat"), which: number }) },
    { weight: heard ? 0 : 1, arbitrary: fc.record({ do: fc.constant("lose"), which: number }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("deliver all"), seed: number }) },
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant("pass"), milliseconds: fc.constantFrom(0, 50, 1_000, 6_000, 60_000) }),
    },
    { weight: 2, arbitrary: anyWeather(heard) },
  );

export const anySequence = (kind: Kind): fc.Arbitrary<Sequence> =>
  fc.record({
    seed: fc.nat(),
    settled: fc.constant(kind.settled),
    moves: fc.array(anyMove(kind), { minLength: 1, maxLength: 15, size: "max" }),
    lost: kind.heard ? fc.constant(0) : fc.constantFrom(0, 20, 100),
  });

/** What a sequence came to. */
export interface Outcome {
  /** What was allowed, at some step, beyond what could be believed then. */
  readonly overreach: readonly string[];
  /** What is decided otherwise than is true, when faults are over and one resync interval has passed. */
  readonly divergences: readonly string[];
}

export interface PlayOptions extends Omit<StageOptions, "seed"> {
  /** How long after the last fault, milliseconds. */
  readonly after?: number;
}

/** A poll and a resync interval. */
const HEALED = INTERVALS.poll + INTERVALS.resync;

export async function play(
  { seed, settled, moves, lost }: Sequence,
  { after = HEALED, ...options }: PlayOptions = {},
): Promise<Outcome> {
  const stage = createStage({ seed, ...options });
  const { github, session, time, mailbox } = stage;
  if (settled) await time.pass(0);
  for (const each of moves) await make(stage, each);

  stage.setWeather(FAIR);
  github.faults.lag(0);
  const random = createRandom(seed);
  while (mailbox.size() > 0) {
    if (random.below(100) < lost) mailbox.lose(random.below(99));
    else mailbox.deliver(random.below(99));
    await time.pass(random.below(1_000));
  }
  await time.pass(after);
  const view = session.view();
  session.stop();
  return { overreach: [...stage.overreach], divergences: differences(github, view) };
}

async function make({ github, organization, time, mailbox, setWeather }: Stage, move: Move): Promise<void> {
  switch (move.do) {
    case "edit":
      edit(github, organization, move.step);
      return;
    case "deliver":
    case "repeat":
      mailbox.deliver(move.which, move.do === "repeat");
      return;
    case "lose":
      mailbox.lose(move.which);
      return;
    case "deliver all": {
      const random = createRandom(move.seed);
      while (mailbox.size() > 0) mailbox.deliver(random.below(99));
      return;
    }
    case "pass":
      await time.pass(move.milliseconds);
      return;
    case "weather":
      setWeather(move.weather);
      github.faults.lag(move.lag);
  }
}
