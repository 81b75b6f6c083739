import { type AppManifest, WEBHOOK_PATH } from "../../github/app-manifest.ts";

// GitHub cuts nothing: a longer name is refused (docs.github.com, "GitHub App configuration parameters").
const LONGEST_NAME = 34;

/**
 * The manifest to post to GitHub: what `app.yml` says, at this installation's addresses.
 *
 * @param publicUrl where GitHub reaches Packgate, without a slash at the end
 * @param redirectUrl where GitHub sends the browser, and with it the code, once the App exists
 */
export function manifestFor(manifest: AppManifest, org: string, publicUrl: string, redirectUrl: string): AppManifest {
  return {
    ...manifest,
    // Names are unique across GitHub, so the plain one is taken. GitHub's page lets a person change it.
    name: `${manifest.name} ${org}`.slice(0, LONGEST_NAME).trimEnd(),
    url: publicUrl,
    hook_attributes: { ...manifest.hook_attributes, url: `${publicUrl}${WEBHOOK_PATH}`, active: true },
    redirect_url: redirectUrl,
    public: false,
  };
}
