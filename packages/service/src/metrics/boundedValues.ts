import { queryTypes } from '@artel/telemetry-protocol';

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** An HTTP method in capitals, or `other`: anybody may send any word. */
export function boundedMethod(method: string): string {
  const upper = method.toUpperCase();
  return METHODS.has(upper) ? upper : 'other';
}

/** A kind of SQL statement in capitals, or `other`. */
export function boundedQueryType(queryType: string): string {
  const upper = queryType.toUpperCase();
  return queryTypes.includes(upper) ? upper : 'other';
}

/** The status code that an error stands for: its own `statusCode` or `status` where that is one of a failure, else 500. */
export function statusOf(error: unknown): number {
  if (typeof error !== 'object' || error === null) return 500;
  const codes: unknown[] = [
    'statusCode' in error ? error.statusCode : undefined,
    'status' in error ? error.status : undefined,
  ];
  const code = codes.find((one) => Number.isInteger(one) && Number(one) >= 400 && Number(one) <= 599);
  return code === undefined ? 500 : Number(code);
}
