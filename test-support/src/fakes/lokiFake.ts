import { createFakeEnd, type FakeEnd, Fault } from './fakeEnd';

export interface LokiLine {
  readonly labels: Readonly<Record<string, string>>;
  readonly nanos: bigint;
  readonly line: string;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface LokiFake extends FakeEnd {
  /** What is stored, in the order of its arrival. A line that came twice stands once. */
  readonly lines: readonly LokiLine[];
  /** Lines that came again, and that Loki told from new ones. */
  readonly duplicates: number;
}

export interface LokiFakeOptions {
  /** Loki with `auth_enabled`: each request must name this tenant. */
  readonly orgId?: string;
  /** A line for which the whole request is refused with 400, none of it kept. */
  readonly poison?: (line: LokiLine) => boolean;
  /** Unix time in ms. */
  readonly now?: () => number;
}

const HOUR_NS = 3_600_000_000_000n;
const NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function need(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Fault(message);
}

function texts(value: unknown, field: string): Readonly<Record<string, string>> {
  need(isRecord(value), `${field}: expected an object`);
  const pairs = Object.entries(value).map(([name, text]): [string, string] => {
    need(NAME.test(name) && !name.startsWith('__'), `${field}: ${name} is no name that LogQL can ask for`);
    need(typeof text === 'string' && text !== '', `${field}.${name}: expected a text that is not empty`);
    need(!/\p{Cs}/u.test(text), `${field}.${name}: has half a character`);
    return [name, text];
  });
  return Object.fromEntries(pairs);
}

function onlyFields(value: Readonly<Record<string, unknown>>, known: readonly string[], field: string): void {
  for (const name of Object.keys(value)) need(known.includes(name), `${field}: unknown field ${name}`);
}

function bytes(record: Readonly<Record<string, string>>): number {
  return Object.entries(record).reduce((sum, [name, text]) => sum + name.length + Buffer.byteLength(text), 0);
}

/**
 * The lines of a push request, by the letter of Loki's API and its default limits.
 * https://grafana.com/docs/loki/latest/reference/loki-http-api/#ingest-logs
 * https://grafana.com/docs/loki/latest/configure/#limits_config
 */
export function readPush(body: unknown): LokiLine[] {
  need(isRecord(body), 'body: expected an object');
  onlyFields(body, ['streams'], 'body');
  const { streams } = body;
  need(
    Array.isArray(streams) && streams.length > 0,
    'error at least one valid stream is required for ingestion',
  );
  const seen = new Set<string>();
  return streams.flatMap((entry: unknown, at) => {
    const field = `streams[${at}]`;
    need(isRecord(entry), `${field}: expected an object`);
    onlyFields(entry, ['stream', 'values'], field);
    const labels = texts(entry['stream'], `${field}.stream`);
    const count = Object.keys(labels).length;
    need(count > 0, 'error at least one label pair is required per stream');
    need(count <= 15, `${field}: has ${count} label names; limit 15`);
    for (const [name, text] of Object.entries(labels)) {
      need(name.length <= 1_024 && text.length <= 2_048, `${field}: label ${name} too long`);
    }
    const id = JSON.stringify(Object.entries(labels).sort());
    need(!seen.has(id), `${field}: the stream stands twice`);
    seen.add(id);
    const { values } = entry;
    need(Array.isArray(values) && values.length > 0, `${field}.values: expected a list that is not empty`);
    return values.map((value: unknown, index): LokiLine => {
      const place = `${field}.values[${index}]`;
      need(
        Array.isArray(value) && (value.length === 2 || value.length === 3),
        `${place}: expected 2 or 3 items`,
      );
      const [nanos, line, metadata = {}]: unknown[] = value;
      need(typeof nanos === 'string' && /^[1-9]\d{18}$/.test(nanos), `${place}: ${nanos} is no time in ns`);
      need(typeof line === 'string' && !/\p{Cs}/u.test(line), `${place}: expected a text`);
      need(Buffer.byteLength(line) <= 262_144, `Max entry size '262144' bytes exceeded`);
      const structured = texts(metadata, `${place}[2]`);
      need(Object.keys(structured).length <= 128, `stream has too many structured metadata labels`);
      need(bytes(structured) <= 65_536, `stream has structured metadata too large`);
      for (const name of Object.keys(structured))
        need(!Object.hasOwn(labels, name), `${place}: ${name} is a label already`);
      return { labels, nanos: BigInt(nanos), line, metadata: structured };
    });
  });
}

/** A Loki that takes what a real one with default limits takes, refuses what that refuses, and forgives nothing. */
export async function createLokiFake({
  orgId,
  poison,
  now = Date.now,
}: LokiFakeOptions = {}): Promise<LokiFake> {
  const lines: LokiLine[] = [];
  const known = new Set<string>();
  const newest = new Map<string, bigint>();
  let duplicates = 0;

  const end = await createFakeEnd(({ method, path, headers, body }) => {
    need(method === 'POST' && path === '/loki/api/v1/push', `${method} ${path}: not found`);
    need(headers['content-type'] === 'application/json', `content-type: ${headers['content-type']}`);
    if (orgId !== undefined && headers['x-scope-orgid'] !== orgId) throw new Fault('no org id', 401);
    const pushed = readPush(JSON.parse(body.toString('utf8')));
    if (poison && pushed.some(poison)) return { status: 400, body: 'loghttp.PushRequest.Streams: poison' };

    // What is too old, too new or too far behind its stream is left out and the rest is kept: still a 400.
    const ignored: string[] = [];
    const time = BigInt(now()) * 1_000_000n;
    for (const one of pushed) {
      const stream = JSON.stringify(Object.entries(one.labels).sort());
      const id = `${stream} ${one.nanos} ${one.line}`;
      const head = newest.get(stream) ?? one.nanos;
      if (one.nanos < time - 168n * HOUR_NS) ignored.push('has timestamp too old');
      else if (one.nanos > time + HOUR_NS / 6n) ignored.push('has timestamp too new');
      else if (one.nanos < head - HOUR_NS) ignored.push('entry too far behind');
      else if (known.has(id)) duplicates++;
      else {
        known.add(id);
        lines.push(one);
        if (one.nanos >= head) newest.set(stream, one.nanos);
      }
    }
    if (ignored.length === 0) return { status: 204 };
    return { status: 400, body: `${ignored[0]}, total ignored: ${ignored.length} out of ${pushed.length}` };
  });
  return {
    ...end,
    lines,
    get duplicates() {
      return duplicates;
    },
  };
}
