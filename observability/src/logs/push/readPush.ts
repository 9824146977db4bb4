import { uncompress } from 'snappyjs';
import type { LogEntry } from '../logEntry';
import { readLabelSet } from './labelSet';
import { pushMessage } from './pushMessage';

/** A body that is no push; the message names the field, and what was expected. */
export class PushError extends Error {
  override readonly name = 'PushError';
}

type Fields = Readonly<Record<string, unknown>>;
type Texts = Readonly<Record<string, string>>;

/** What fits into the 63 bits of a time in ns. */
const NANOS = /^\d{1,19}$/;
const LATEST = 2n ** 63n;
const LABEL = /^[a-zA-Z_]\w*$/;
const MAX_LABELS = 30;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listOf(value: unknown, where: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new PushError(`${where}: expected a list`);
}

function textsOf(value: unknown, where: string): Texts {
  if (!isFields(value)) throw new PushError(`${where}: expected an object of texts`);
  const texts: Record<string, string> = {};
  for (const [name, text] of Object.entries(value)) {
    if (typeof text !== 'string') throw new PushError(`${where}.${name}: expected a text`);
    // To Loki an empty value is none.
    if (text !== '') texts[name] = text;
  }
  return texts;
}

function labelsOf(labels: Texts, where: string): Texts {
  const names = Object.keys(labels);
  if (names.length === 0) throw new PushError(`${where}: expected at least one label`);
  if (names.length > MAX_LABELS) throw new PushError(`${where}: expected at most ${MAX_LABELS} labels`);
  const wrong = names.find((name) => !LABEL.test(name));
  if (wrong !== undefined) throw new PushError(`${where}: ${JSON.stringify(wrong)} is no name of a label`);
  return labels;
}

function nanosOf(value: unknown, where: string): bigint {
  const nanos = typeof value === 'string' && NANOS.test(value) ? BigInt(value) : LATEST;
  if (nanos < LATEST) return nanos;
  throw new PushError(`${where}: expected Unix time in ns as a text of digits`);
}

/** Entries of a push in JSON. https://grafana.com/docs/loki/latest/reference/loki-http-api/#ingest-logs */
export function readJsonPush(text: string): LogEntry[] {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    throw new PushError(`body: is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const streams = listOf(isFields(body) ? body['streams'] : undefined, 'streams');
  return streams.flatMap((stream, index) => {
    const where = `streams[${index}]`;
    if (!isFields(stream)) throw new PushError(`${where}: expected an object`);
    const labels = labelsOf(textsOf(stream['stream'], `${where}.stream`), `${where}.stream`);
    return listOf(stream['values'], `${where}.values`).map((value, number): LogEntry => {
      const place = `${where}.values[${number}]`;
      const [time, line, metadata = {}] = listOf(value, place);
      if (typeof line !== 'string') throw new PushError(`${place}[1]: expected a line of text`);
      return {
        labels,
        nanos: nanosOf(time, `${place}[0]`),
        line,
        metadata: textsOf(metadata, `${place}[2]`),
      };
    });
  });
}

function pairsOf(value: unknown): Texts {
  const pairs = Array.isArray(value) ? value : [];
  return Object.fromEntries(
    pairs.flatMap((pair: unknown) => {
      const { name, value: text } = isFields(pair) ? pair : {};
      return typeof name === 'string' && typeof text === 'string' && text !== '' ? [[name, text]] : [];
    }),
  );
}

/** Entries of a push in protobuf, compressed by Snappy's block format, as Alloy, Vector and Promtail send it. */
export function readProtobufPush(body: Uint8Array, maxBytes: number): LogEntry[] {
  let message: Fields;
  try {
    const bytes = uncompress(body, maxBytes);
    message = pushMessage.toObject(pushMessage.decode(bytes), { longs: String, defaults: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PushError(`body: is no push in protobuf and Snappy: ${reason}`);
  }
  return listOf(message['streams'], 'streams').flatMap((stream, index) => {
    const where = `streams[${index}]`;
    const { labels, entries } = isFields(stream) ? stream : {};
    let read: Texts;
    try {
      read = labelsOf(readLabelSet(String(labels)), `${where}.labels`);
    } catch (error) {
      throw new PushError(`${where}.${error instanceof Error ? error.message : String(error)}`);
    }
    return listOf(entries, `${where}.entries`).map((entry, number): LogEntry => {
      const { timestamp, line, structuredMetadata } = isFields(entry) ? entry : {};
      const { seconds, nanos } = isFields(timestamp) ? timestamp : {};
      const time = BigInt(String(seconds ?? 0)) * 1_000_000_000n + BigInt(String(nanos ?? 0));
      return {
        labels: read,
        nanos: nanosOf(String(time), `${where}.entries[${number}].timestamp`),
        line: String(line),
        metadata: pairsOf(structuredMetadata),
      };
    });
  });
}
