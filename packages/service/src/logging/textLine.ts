import { trace } from '@opentelemetry/api';
import { scrubLine } from '../scrubTree';
import { currentRequestContext } from './requestContext';

/**
 * Writes a line out of fields that their maker has scrubbed and put into JSON: `"name":value` pairs with commas between
 * them. Two such lines tell of every request, and what is the same in them for every request is made into text once.
 */
export type TextLineWriter = (
  level: 'debug' | 'info',
  category: string,
  fields: string,
  message: string,
) => void;

const writers = new WeakMap<object, TextLineWriter>();

/** Says how lines of this logger are written; by the logger itself alone, not by its children. */
export function setTextLineWriter(logger: object, write: TextLineWriter): void {
  writers.set(logger, write);
}

interface PlainLogger {
  debug(fields: Readonly<Record<string, unknown>>, message: string): void;
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** The fields of a text as an object again. */
export function parseFields(fields: string): Record<string, unknown> {
  const parsed: unknown = JSON.parse(`{${fields}}`);
  return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
}

/** How lines of any logger are written: one that knows nothing of texts gets objects. */
export function textLineWriterOf(logger: PlainLogger): TextLineWriter {
  return (
    writers.get(logger) ??
    ((level, category, fields, message) => logger[level]({ ...parseFields(fields), category }, message))
  );
}

/** A text in JSON. */
export const quote = (text: string): string => JSON.stringify(text);

/** The running request, user and session, and the active span: pairs with a comma before each. */
export function contextText(): string {
  const { requestId, userId, sessionId } = currentRequestContext();
  const span = trace.getActiveSpan()?.spanContext();
  let text = requestId === undefined ? '' : `,"request_id":${quote(requestId)}`;
  if (userId !== undefined) text += `,"user_id":${quote(scrubLine(String(userId)))}`;
  if (sessionId !== undefined) text += `,"session_id":${quote(scrubLine(String(sessionId)))}`;
  if (span) text += `,"trace_id":${quote(span.traceId)},"span_id":${quote(span.spanId)}`;
  return text;
}
