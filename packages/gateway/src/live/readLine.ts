import type { Scalar } from '@artel/telemetry-protocol';
import { truncate } from '@artel/telemetry-protocol/scrub';
import type { QueueRecord } from '../enrich';
import type { LogLine } from './wire';

type LoggedRecord = Extract<QueueRecord, { readonly kind: 'log' }>;

/** What one log record is to the page: a line, and where it tells of an error, a report too. */
export interface ReadLine {
  readonly line: Omit<LogLine, 'id'>;
  readonly report?: ErrorReport;
}

/** One report of an error. */
export interface ErrorReport {
  readonly at: number;
  readonly type: string;
  readonly message: string;
  readonly stack: string;
  readonly page?: string;
  readonly release?: string;
  readonly tenant?: string;
}

// A line is kept in memory and sent to every viewer: shorter than what the queue keeps.
const MESSAGE_LENGTH = 400;
const MAX_FIELDS = 12;
const FIELD_LENGTH = 120;
const STACK_LENGTH = 4_000;
const TYPE_LENGTH = 80;

/** Fields with a place of their own. */
const shownElsewhere = new Set(['error_type', 'stack', 'page']);

const text = (value: Scalar | undefined): string =>
  value === undefined || value === null ? '' : String(value);

/** The message without the type that the client has put before it. */
function bare(message: string, type: string): string {
  return message.startsWith(`${type}: `) ? message.slice(type.length + 2) : message;
}

/** Reads a log record as the page shows it. `tenant` is given where the page shows more than one. */
export function readLine(record: LoggedRecord, at: number, tenant?: string): ReadLine {
  const { log, page, app } = record;
  const { error_type: errorType, stack, page: pageField } = log.fields ?? {};
  const where = text(pageField) || page;
  // For each line of every batch, most of which nobody will see: no copies that can be spared.
  const fields: (readonly [name: string, value: string])[] = [];
  for (const name in log.fields) {
    if (fields.length === MAX_FIELDS) break;
    const value = shownElsewhere.has(name) ? '' : text(log.fields[name]);
    if (value !== '') fields.push([name, truncate(value, FIELD_LENGTH)]);
  }
  if (where !== undefined && where !== '') fields.push(['page', truncate(where, FIELD_LENGTH)]);
  const from = tenant === undefined ? {} : { tenant };
  const line = {
    at,
    level: log.level,
    message: truncate(log.message, MESSAGE_LENGTH),
    fields,
    ...(log.category === undefined ? {} : { category: truncate(log.category, TYPE_LENGTH) }),
    ...from,
  };
  if (log.level !== 'error') return { line };
  const type = truncate(text(errorType) || 'log.error', TYPE_LENGTH);
  const report = {
    at,
    type,
    message: truncate(bare(log.message, type), MESSAGE_LENGTH),
    stack: truncate(text(stack), STACK_LENGTH),
    ...(where === undefined ? {} : { page: truncate(where, FIELD_LENGTH) }),
    ...(app?.version === undefined ? {} : { release: truncate(app.version, TYPE_LENGTH) }),
    ...from,
  };
  return { line, report };
}
