import { STATUS_CODES } from 'node:http';

interface FieldError {
  readonly field: string;
  readonly message: string;
}

/** The body of every error answer: problem details, https://www.rfc-editor.org/rfc/rfc9457 */
export interface ProblemDetails {
  /** `about:blank`, or a URN of this gateway where a client can act on the difference. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly FieldError[];
  readonly instance?: string;
  readonly [extension: string]: unknown;
}

interface ProblemOptions {
  readonly type?: string;
  readonly errors?: readonly FieldError[];
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** An error answer on its way out: thrown anywhere under a route, written by the server's error handler. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly details: ProblemDetails;

  constructor(status: number, detail: string, { type, errors, extensions, headers }: ProblemOptions = {}) {
    super(detail);
    this.status = status;
    this.headers = headers ?? {};
    this.details = {
      ...extensions,
      type: type === undefined ? 'about:blank' : `urn:artel:problem:${type}`,
      title: STATUS_CODES[status] ?? 'Error',
      status,
      detail,
      ...(errors === undefined ? {} : { errors }),
    };
  }
}

/** A 503 that asks the client to come again: nothing of its request was kept. */
export function unavailable(detail: string, retryAfterSeconds = 2): HttpProblem {
  return new HttpProblem(503, detail, { headers: { 'Retry-After': String(retryAfterSeconds) } });
}

const OVERLOAD_SECONDS = 5;

/** A 503 before there is too much to do for whoever has been taken already. */
export function overloaded(detail: string): HttpProblem {
  return new HttpProblem(503, detail, {
    type: 'overloaded',
    headers: { 'Retry-After': String(OVERLOAD_SECONDS) },
  });
}

/** The one answer to a batch whose key is no tenant's, and to one that has none. */
export function unknownKey(): HttpProblem {
  return new HttpProblem(401, "key: expected the public write key of an app, as the batch's key", {
    type: 'unknown-key',
    headers: { 'WWW-Authenticate': 'ArtelKey' },
  });
}

/** Why a request was not taken, as our own metrics name it. */
export function reasonFor({ status, details }: HttpProblem): string {
  if (details.type === 'urn:artel:problem:unknown-key') return 'key';
  if (details.type === 'urn:artel:problem:token-refused') return 'token';
  const reasons: Readonly<Record<number, string>> = {
    400: details.type === 'urn:artel:problem:nothing-accepted' ? 'no_item' : 'malformed',
    403: 'origin',
    408: 'timeout',
    413: 'too_large',
    429: 'rate_limited',
    503: details.type === 'urn:artel:problem:overloaded' ? 'overload' : 'unavailable',
  };
  return reasons[status] ?? 'other';
}

interface FrameworkError extends Error {
  readonly statusCode: number;
}

function isFrameworkError(error: unknown): error is FrameworkError {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number';
}

/** Whatever was thrown as a problem. What is not meant for clients becomes a bare 500. */
export function toProblem(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (isFrameworkError(error) && error.statusCode >= 400 && error.statusCode < 500) {
    return new HttpProblem(error.statusCode, error.message.slice(0, 200));
  }
  return new HttpProblem(
    500,
    'The gateway failed on this request; its log says more under the same instance.',
  );
}
