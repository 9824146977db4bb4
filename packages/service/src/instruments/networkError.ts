import type { AppMetrics } from '../metrics';

/** What an instrument needs to say that a server could not be reached. */
export type NetworkErrorMetrics = Pick<AppMetrics, 'networkErrorsTotal'>;

const CODES = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN'],
  ...['EHOSTUNREACH', 'ENETUNREACH', 'ENOTCONN'],
  // PostgreSQL says that it shuts down or starts: https://www.postgresql.org/docs/15/errcodes-appendix.html
  ...['57P01', '57P02', '57P03', '08000', '08003', '08006'],
]);

/** How the clients say it without a code: by class or by text. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/time(?:d )?-?out|timeout exceeded/i, 'timeout'],
  [
    /Connection terminated|Client has encountered a connection error|not queryable|Socket closed|client is (?:closed|offline)|Channel clos|Connection clos|Unexpected close|Socket is closed|heartbeat/i,
    'closed',
  ],
];

function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}

/** Whether an error means that the server could not be reached or the connection broke, and how; one of few words. */
function networkErrorType(error: unknown): string | undefined {
  const code = codeOf(error);
  if (code !== undefined && CODES.has(code)) return code;
  if (error instanceof AggregateError) {
    return error.errors.map(networkErrorType).find((type) => type !== undefined);
  }
  if (!(error instanceof Error) || code !== undefined) return undefined;
  const text = `${error.name} ${error.constructor.name} ${error.message}`;
  return WORDS.find(([words]) => words.test(text))?.[1];
}

/**
 * A short name for an error, for a span: its code, else its class. Never its message, which may hold values (`invalid input
 * syntax for type integer: "…"`).
 */
export function errorTypeOf(error: unknown): string {
  return codeOf(error) ?? (error instanceof Error ? error.name : typeof error);
}

/** Counts an error, if it is one of the network. */
export function countNetworkError(
  metrics: NetworkErrorMetrics | undefined,
  target: string,
  error: unknown,
): void {
  const type = networkErrorType(error);
  if (type !== undefined) metrics?.networkErrorsTotal.inc({ target, error_type: type });
}
