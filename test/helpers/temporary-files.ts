import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Whatever the tests, and the programs they start, leave among the temporary files lies in one folder, which goes with them. */
export default function keepTogether(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "packgate-"));
  process.env["TMPDIR"] = folder;
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
