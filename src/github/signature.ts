import { Webhooks } from "@octokit/webhooks";

/**
 * Checks that GitHub signed a webhook. GitHub signs with one secret; during a rotation the previous one is as good.
 *
 * @param secrets each a function, so that nothing that is logged shows them
 */
export function signatureCheck(
  secrets: readonly ((() => string) | undefined)[],
): (body: string, signature: string) => Promise<boolean> {
  const verifiers = secrets.flatMap((secret) => (secret === undefined ? [] : [new Webhooks({ secret: secret() })]));
  return async (body, signature) => {
    const verdicts = await Promise.all(verifiers.map((webhooks) => webhooks.verify(body, signature)));
    return verdicts.includes(true);
  };
}
