/**
 * Every way in which a request can fail as a request, with its HTTP status and the sentence to send when nothing
 * more precise is known. Decisions are not errors: a denial is an answer (see `http/decision/answer.ts`).
 */
const ERRORS = {
  invalid_request: { status: 400, message: "The request could not be understood." },
  unsupported_token_type: {
    status: 400,
    message: "Only tokens that Packgate has made can be revoked here; what GitHub has made is revoked at GitHub.",
  },
  invalid_client: {
    status: 401,
    message:
      "This endpoint is for index clients: send Authorization (Basic name:secret or Bearer secret) or X-Packgate-Key.",
  },
  invalid_signature: {
    status: 401,
    message: "The delivery is not signed with our webhook secret; compare it with the GitHub App's settings.",
  },
  not_found: { status: 404, message: "There is nothing at this path; /openapi.json lists what there is." },
  method_not_allowed: { status: 405, message: "This path does not take this method; see the Allow header." },
  timeout: { status: 408, message: "The request took too long to arrive." },
  payload_too_large: { status: 413, message: "The body is too large." },
  unsupported_media_type: { status: 415, message: "The body's media type is not understood here." },
  headers_too_large: { status: 431, message: "The request line and headers together are too large." },
  internal: { status: 500, message: "Something went wrong on our side; the log has it under this request's id." },
  unavailable: { status: 503, message: "This cannot be answered right now; try again shortly." },
} as const satisfies Record<string, { readonly status: number; readonly message: string }>;

export type ErrorCode = keyof typeof ERRORS;

/**
 * A failed request. `message` is public and is all that a caller sees; `cause` is for the log.
 * Never put anything a caller sent as a secret into either.
 */
export class ServiceError extends Error {
  override readonly name = "ServiceError";
  readonly code: ErrorCode;
  readonly status: number;

  constructor(code: ErrorCode, message: string = ERRORS[code].message, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.status = ERRORS[code].status;
  }
}

/** Anything thrown, as a failed request; what we did not foresee becomes `internal` and stays inside. */
export function asServiceError(thrown: unknown): ServiceError {
  return thrown instanceof ServiceError ? thrown : new ServiceError("internal", undefined, { cause: thrown });
}

/** The body of every error reply (RFC 6749, section 5.2, with `error_description` under a plainer name). */
export function errorBody({ code, message }: ServiceError): string {
  return JSON.stringify({ error: code, message });
}
