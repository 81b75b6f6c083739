import { dirname, join } from "node:path";
import { startIssuer } from "../helpers/actions-issuer.ts";
import { WEBHOOK_SECRET } from "../helpers/packgate.ts";
import { acmeOrganization, createSimulator } from "../simulator/index.ts";
import { startActions } from "./actions.ts";
import { debianEnvironment } from "./debian.ts";
import { buildPackage } from "./index.ts";
import { ready, serve, serverEnvironment } from "./packgate.ts";
import { run } from "./process.ts";
import { startRecorder } from "./recorder.ts";
import { startTlsIndex } from "./tls-index.ts";
import { cleanEnvironment, tool, VENV } from "./tools.ts";

export type PublishingStage = Awaited<ReturnType<typeof startPublishingStage>>;

/**
 * A real index behind a real nginx with TLS, and jobs of acme/core with nothing but what GitHub gives them. Between the
 * index and Packgate stands somebody who writes down what is asked.
 */
export async function startPublishingStage() {
  const github = createSimulator({ webhookSecret: WEBHOOK_SECRET });
  const acme = acmeOrganization(github);
  const [api, issuer] = [await github.listen(), await startIssuer()];
  const place = { repository: acme.repositories.core.id, owner: acme.organization.id };
  const actions = await startActions(issuer, place);
  const packgate = serve({ ...(await serverEnvironment(github, api.url)), PACKGATE_OIDC_ISSUERS: issuer.url });
  const recorder = await startRecorder(packgate.url);
  const index = await startTlsIndex(recorder.url);
  await ready(packgate);
  const [core = "", alpha = ""] = await Promise.all(
    ["acme-core", "acme-alpha"].map(async (name) => {
      const [wheel = ""] = await buildPackage(name, "1.0", "--wheel");
      return dirname(dirname(wheel));
    }),
  );

  return {
    index,
    /** Folders of jobs that have built a wheel: of their own package, and of acme/mono's. */
    built: { core, alpha },
    /** The id of a repository without a package. */
    shared: acme.repositories.shared.id,
    /** Reads acme-core. */
    bob: { login: "bob", token: github.tokenFor(acme.users.bob.id) },
    /** What a job finds in its environment; `more` are claims of its run. */
    job: actions.job,
    /** Runs lines of a job in its folder, as GitHub runs the steps of a workflow. */
    inJob: async (folder: string, lines: string, more: Readonly<Record<string, string>>) => {
      const programs = { ...cleanEnvironment(), ...debianEnvironment(), ...index.env };
      const PATH = `${join(VENV, "bin")}:${programs["PATH"] ?? ""}`;
      const env = { ...programs, PATH, UV_PYTHON: tool("python"), UV_NO_BUILD_ISOLATION: "1", ...more };
      const { code, output } = await run("bash", ["-e", "-c", lines], { cwd: folder, env });
      // uv and twine break lines where they like.
      return { code, output: output.replaceAll(/\s+/g, " ") };
    },
    /** What Packgate was asked since this was last called, and the status that it answered. */
    asked: (): string[] => recorder.take().map(({ asked, status }) => `${asked} ${status}`),
    stop: async () => {
      await Promise.all([index.stop(), packgate.stop()]);
      await Promise.all([recorder.close(), actions.close(), issuer.close(), api.close()]);
    },
  };
}
