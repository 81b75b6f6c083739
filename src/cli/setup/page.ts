/** The two pages of `packgate setup`. No script, no picture; everything that varies is escaped. */

export interface FormPage {
  readonly org: string;
  /** GitHub's page for a new App, with our state. */
  readonly action: string;
  /** JSON. */
  readonly manifest: string;
  readonly webhookUrl: string;
}

export function formPage({ org, action, manifest, webhookUrl }: FormPage): string {
  return page(
    "Register Packgate",
    `<p>GitHub will show what the App may read in <b>${escape(org)}</b> and ask you to confirm its name.
You have to be signed in as an owner of the organization.</p>
<p>Its webhooks will go to <code>${escape(webhookUrl)}</code>.</p>
<form method="post" action="${escape(action)}">
<input type="hidden" name="manifest" value="${escape(manifest)}">
<button type="submit">Continue on GitHub</button>
</form>`,
  );
}

export function messagePage(title: string, sentence: string): string {
  return page(title, `<p>${escape(sentence)}</p>`);
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${escape(title)}</title></head>
<body>
<h1>${escape(title)}</h1>
${body}
</body>
</html>
`;
}

function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/**
 * Headers of every page. The form may go to GitHub only, and nothing may frame the page.
 * The start page's path is a secret, so other sites get to see our origin at most; `no-referrer` would also
 * make the form's `Origin` null, which a server may take for forgery.
 */
export function pageHeaders(githubOrigin: string): Record<string, string> {
  return {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": `default-src 'none'; form-action ${githubOrigin}; frame-ancestors 'none'; base-uri 'none'`,
    "referrer-policy": "strict-origin",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
  };
}
