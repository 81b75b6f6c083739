import { setTimeout as sleep } from "node:timers/promises";
import type { Running } from "../test/helpers/packgate.ts";
import type { Simulator } from "../test/simulator/index.ts";
import type { DemoOrganization } from "./organization.ts";

export interface Narrator {
  readonly heading: (text: string) => void;
  readonly github: (text: string) => void;
  readonly answer: (text: string, milliseconds?: number) => void;
  readonly wrong: (text: string) => void;
}

interface Expected {
  readonly user: string;
  readonly action: string;
  readonly package: string;
  readonly reason: string;
}

/** How long GitHub and Packgate may take between them before a step counts as wrong. Milliseconds. */
const PATIENCE_MS = 20_000;
const LOOK_EVERY_MS = 2;

/** Tells the story, checking every step. @returns how many steps came out wrong */
export async function tellStory(
  github: Simulator,
  acme: DemoOrganization,
  packgate: Running,
  tell: Narrator,
): Promise<number> {
  const { edit } = github;
  const { users, teams, repositories } = acme;
  let wrong = 0;

  /** Asks until the answer is the expected one, and tells how long that took. */
  const expect = async (expected: Expected, timed: boolean): Promise<void> => {
    const { reason, user: username, ...question } = expected;
    const user = Object.values(users).find(({ login }) => login === username);
    const credentials = { username, password: github.tokenFor(user?.id ?? 0) };
    const began = performance.now();
    for (;;) {
      const { body } = await packgate.ask({ ...question, credentials });
      const took = performance.now() - began;
      if (body["reason"] === reason) {
        tell.answer(`${String(body["decision"]).padEnd(5)} ${String(body["message"])}`, timed ? took : undefined);
        return;
      }
      if (!timed || took > PATIENCE_MS) {
        wrong += 1;
        tell.wrong(`expected ${reason}, got ${String(body["reason"])}: ${String(body["message"])}`);
        return;
      }
      await sleep(LOOK_EVERY_MS);
    }
  };
  const upload = { user: "alice", action: "upload", package: "acme-core" };

  tell.heading("A member without a grant");
  await expect({ ...upload, action: "read", reason: "base" }, false);
  await expect({ ...upload, reason: "no-grant" }, false);

  tell.heading("An admin adds her to a team, in GitHub");
  tell.github("carol adds alice to the team platform");
  edit.addTeamMember(teams.platform, users.alice);
  await expect({ ...upload, reason: "team" }, true);
  await expect({ ...upload, package: "acme-release", action: "yank", reason: "team" }, false);

  tell.heading("And removes her again");
  tell.github("carol removes alice from the team platform");
  edit.removeTeamMember(teams.platform, users.alice);
  await expect({ ...upload, reason: "no-grant" }, true);

  tell.heading("Somebody wants the name");
  tell.github('mallory creates the repository "totally-mine", whose pyproject.toml says name = "Acme.Core"');
  const stolen = edit.createRepository(acme.organization, {
    name: "totally-mine",
    visibility: "private",
    files: { "pyproject.toml": '[project]\nname = "Acme.Core"\n' },
  });
  edit.setCollaborator(stolen, users.mallory, "admin");
  await packgate.settle();
  await expect({ ...upload, user: "mallory", reason: "no-grant" }, false);

  tell.heading("A new package is one push away");
  tell.github("bob pushes packages/docs/pyproject.toml to tools");
  edit.push(repositories.tools, {
    write: { "packages/docs/pyproject.toml": '[project]\nname = "acme-docs"\n' },
  });
  await expect({ user: "bob", action: "upload", package: "acme-docs", reason: "team" }, true);

  tell.heading("A repository is archived");
  tell.github("carol archives core");
  edit.archiveRepository(repositories.core);
  await expect({ ...upload, user: "bob", reason: "archived" }, true);
  await expect({ ...upload, user: "bob", action: "read", reason: "team" }, false);
  tell.heading("And unarchived at once; Packgate waits 5 seconds, for a replica of GitHub's that lags looks the same");
  tell.github("carol unarchives core");
  edit.unarchiveRepository(repositories.core);
  await expect({ ...upload, user: "bob", reason: "team" }, true);
  return wrong;
}
