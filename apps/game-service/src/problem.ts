/** Media type of an error answer (RFC 9457). */
export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** An error answer's body (RFC 9457), with the field at fault where there is one. */
export interface Problem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly field?: string;
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/** Builds the body of an error answer; `field` names the part of the request that is wrong. */
export function problem(status: number, detail: string, field?: string): Problem {
  const title = titles[status] ?? (status < 500 ? 'Bad Request' : 'Internal Server Error');
  return { type: 'about:blank', title, status, detail, ...(field === undefined ? {} : { field }) };
}

/** A refusal that a route throws; the server answers it as a problem with this status, detail and field. */
export class Refusal extends Error {
  override readonly name: string = 'Refusal';
  constructor(
    readonly statusCode: number,
    detail: string,
    readonly field?: string,
    options?: ErrorOptions,
  ) {
    super(detail, options);
  }
}

/** A server that the service needs does not answer; a later try may succeed. Answered as 503 with `Retry-After`. */
export class Unavailable extends Refusal {
  override readonly name = 'Unavailable';
  constructor(detail: string, cause?: unknown) {
    super(503, detail, undefined, cause === undefined ? undefined : { cause });
  }
}
