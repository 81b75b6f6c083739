/**
 * Lines to paste, each below a comment that says what to expect.
 *
 * @param token a token of bob's
 */
export function curlLines(url: string, key: string, token: string): string {
  const json = (body: object): string => `-H 'Content-Type: application/json' -d '${JSON.stringify(body)}'`;
  const question = { package: "acme-core", action: "upload" };
  const lines: readonly (readonly [what: string, status: number, line: string])[] = [
    [
      "May bob upload acme-core? His token says who he is.",
      200,
      `curl -sS -i -u index:${key} ${json({ ...question, credentials: { username: "bob", password: token } })} ${url}/authorize`,
    ],
    [
      "May alice? The index has signed her in itself.",
      403,
      `curl -sS -i -u index:${key} ${json({ ...question, user: "alice" })} ${url}/authorize`,
    ],
    [
      "Why may bob?",
      200,
      `curl -sS -i -u index:${key} ${json({ ...question, user: "bob", explain: true })} ${url}/authorize`,
    ],
    ["What may bob's token do? (RFC 7662)", 200, `curl -sS -i -u index:${key} -d token=${token} ${url}/introspect`],
    ["Who else may upload it?", 200, `curl -sS -i -u index:${key} '${url}/who-can?package=acme-core&action=upload'`],
    ["Who owns which name?", 200, `curl -sS -i -u index:${key} ${url}/claims`],
    ["Is everything up to date?", 200, `curl -sS -i ${url}/readyz`],
    ["What may somebody do who is not the index? Nothing.", 401, `curl -sS -i ${json(question)} ${url}/authorize`],
  ];
  return `${lines.map(([what, status, line]) => `\n# ${what} → HTTP ${status}\n${line}\n`).join("")}\n`;
}

/** What the examples want to know, as one line to paste. */
export function exampleLine(url: string, key: string, token: string): string {
  const settings = `PACKGATE_URL=${url} PACKGATE_KEY=${key} LOGIN=bob TOKEN=${token}`;
  return `# Before you start one of examples/, and before you try it\nexport ${settings}\n\n`;
}
