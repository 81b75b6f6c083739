import { boundaryOf } from "../../index-paths/form-head.ts";
import type { UploadForm } from "../../index-paths/form-reader.ts";
import { createFormReader } from "../../index-paths/form-reader.ts";
import type { Names } from "../../index-paths/read-path.ts";
import type { PackageName } from "../../domain/package-name.ts";
import type { Exchange } from "../exchange.ts";
import type { Dialect } from "./dialects.ts";
import type { Sent } from "./sent.ts";
import type { Verdict } from "./verdict.ts";
import { refusedFor } from "./verdict.ts";

/** Whether the proxy sends any of the upload along. */
export function hasBody({ request: { headers } }: Exchange): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

/**
 * Reads of what the upload is. Keeps no more than the head of the form; the file passes by.
 *
 * @param named the package that the path names
 * @returns settles only if the proxy stays
 */
export function readUpload(
  { request }: Exchange,
  { body }: Dialect,
  sent: Sent,
  named: PackageName | undefined,
): Promise<Names | Verdict> {
  const boundary = boundaryOf(sent.get("content-type") ?? "");
  if (boundary === undefined || sent.has("content-encoding")) {
    const problem = "send it as multipart/form-data, with a plain boundary and without another encoding";
    return Promise.resolve(refused(problem));
  }
  const mayBeCut = body === "head" && sent.get("x-envoy-auth-partial-body") !== "false";
  const reader = createFormReader(boundary);
  return new Promise((resolve) => {
    const finish = (): void => {
      // What still comes is let pass.
      request.removeAllListeners("data").removeAllListeners("end").resume();
      resolve(uploadOf(reader.end(), named, mayBeCut));
    };
    request.on("data", (chunk: Buffer) => {
      if (!reader.take(chunk.toString("latin1"))) finish();
    });
    request.on("end", finish);
  });
}

function uploadOf(form: UploadForm, named: PackageName | undefined, mayBeCut: boolean): Names | Verdict {
  if ("problem" in form) return refused(form.problem);
  if (!form.whole && !mayBeCut) return refused("it does not end as it should");
  const [name] = form.names;
  return named === undefined || named === name ? form.names : refused("it is of another project than its address says");
}

function refused(problem: string): Verdict {
  return refusedFor("bad-upload", `this upload is not understood: ${problem}`);
}
