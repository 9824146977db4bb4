import { Fault, need } from './fakeEnd';

/** A line as Loki has it. */
export interface LokiLine {
  readonly labels: Readonly<Record<string, string>>;
  readonly nanos: bigint;
  readonly line: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

type Labels = Readonly<Record<string, string>>;

const NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A stream as Loki writes it: `{app="billiards", level="info"}`. */
export function streamOf(labels: Labels): string {
  const pairs = Object.keys(labels)
    .sort()
    .map((name) => `${name}=${JSON.stringify(labels[name])}`);
  return `{${pairs.join(', ')}}`;
}

function texts(value: unknown, field: string): Labels {
  need(isRecord(value), `${field}: expected an object`);
  const pairs = Object.entries(value).map(([name, text]): [string, string] => {
    need(typeof text === 'string' && text !== '', `${field}.${name}: expected a text that is not empty`);
    need(!/\p{Cs}/u.test(text), `${field}.${name}: has half a character`);
    return [name, text];
  });
  return Object.fromEntries(pairs);
}

function onlyFields(value: Readonly<Record<string, unknown>>, known: readonly string[], field: string): void {
  for (const name of Object.keys(value)) need(known.includes(name), `${field}: unknown field ${name}`);
}

function labelsOf(value: unknown, field: string): Labels {
  const labels = texts(value, field);
  for (const name of Object.keys(labels)) {
    if (NAME.test(name)) continue;
    const wrong = name.search(/[^a-zA-Z0-9_]/);
    const at = streamOf(labels).indexOf(`${name}=`) + wrong + 1;
    throw new Fault(
      `couldn't parse labels: 1:${at}: parse error: unexpected character inside braces: '${name[wrong]}'`,
    );
  }
  return labels;
}

function checkLimits(labels: Labels): void {
  const stream = streamOf(labels);
  // Loki adds this one itself where it is not there, and does not count it.
  const count = Object.keys(labels).filter((name) => name !== 'service_name').length;
  need(count <= 15, `entry for stream '${stream}' has ${count} label names; limit 15`);
  for (const [name, text] of Object.entries(labels)) {
    need(name.length <= 1_024, `stream '${stream}' has label name too long: '${name}'`);
    need(text.length <= 2_048, `stream '${stream}' has label value too long: '${text}'`);
  }
}

function checkMetadata(metadata: Labels, stream: string): void {
  const count = Object.keys(metadata).length;
  const size = Object.entries(metadata).reduce(
    (sum, [name, text]) => sum + Buffer.byteLength(name) + Buffer.byteLength(text),
    0,
  );
  const please = (limit: string) =>
    `Please see \`limits_config.${limit}\` or contact your Loki administrator to increase it.`;
  need(
    size <= 65_536,
    `stream '${stream}' has structured metadata too large: '${size}' bytes, limit: '65536' bytes. ${please('max_structured_metadata_size')}`,
  );
  need(
    count <= 128,
    `stream '${stream}' has too many structured metadata labels: '${count}', limit: '128'. ${please('max_structured_metadata_entries_count')}`,
  );
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new Fault('loghttp.PushRequest.Streams: the body is no JSON');
  }
}

/** The lines of a push request's body; of what Loki would take in silence it forgives no slip. */
export function readPushBody(body: Buffer): LokiLine[] {
  return readPush(parseJson(body));
}

/**
 * The lines of a push request, by the letter of Loki's API and its default limits. Throws a `Fault` in Loki's own words.
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
    422,
  );
  const seen = new Set<string>();
  return streams.flatMap((entry: unknown, at) => {
    const field = `streams[${at}]`;
    need(isRecord(entry), `${field}: expected an object`);
    onlyFields(entry, ['stream', 'values'], field);
    const labels = labelsOf(entry['stream'], `${field}.stream`);
    checkLimits(labels);
    const stream = streamOf(labels);
    need(!seen.has(stream), `${field}: the stream stands twice`);
    seen.add(stream);
    const { values } = entry;
    need(Array.isArray(values) && values.length > 0, `${field}.values: expected a list that is not empty`);
    return values.map((value: unknown, index): LokiLine => {
      const place = `${field}.values[${index}]`;
      need(
        Array.isArray(value) && (value.length === 2 || value.length === 3),
        `${place}: expected 2 or 3 items`,
      );
      const [nanos, line, given = {}]: unknown[] = value;
      need(typeof nanos === 'string' && /^[1-9]\d{18}$/.test(nanos), `${place}: ${nanos} is no time in ns`);
      need(typeof line === 'string' && !/\p{Cs}/u.test(line), `${place}: expected a text`);
      const size = Buffer.byteLength(line);
      need(
        size <= 262_144,
        `Max entry size '262144' bytes exceeded for stream '${stream}' while adding an entry with length '${size}' bytes`,
      );
      const metadata = texts(given, `${place}[2]`);
      checkMetadata(metadata, stream);
      for (const name of Object.keys(metadata)) {
        need(
          NAME.test(name) && !name.startsWith('__'),
          `${place}: ${name} is no name that LogQL can ask for`,
        );
        need(!Object.hasOwn(labels, name), `${place}: ${name} is a label already`);
      }
      return { labels, nanos: BigInt(nanos), line, metadata };
    });
  });
}

const seconds = (nanos: bigint): string =>
  new Date(Number(nanos / 1_000_000n)).toISOString().replace(/\.\d+Z$/, 'Z');

/** As Go prints a time: nanoseconds without the zeros at their end. */
function printed(nanos: bigint): string {
  const [day, clock] = seconds(nanos).slice(0, -1).split('T');
  const fraction = String(nanos % 1_000_000_000n)
    .padStart(9, '0')
    .replace(/0+$/, '');
  return `${day} ${clock}${fraction && `.${fraction}`} +0000 UTC`;
}

const MINUTE = 60_000_000_000n;
/** `creation_grace_period`, `reject_old_samples_max_age` and half of `max_chunk_age`, by default. */
const AHEAD = 10n * MINUTE;
const OLDEST = 168n * 60n * MINUTE;
const BEHIND = 60n * MINUTE;

/** Sorts out lines that Loki leaves out of a request, which is then answered 400 although it keeps the rest. */
export function sortByTime(
  lines: readonly LokiLine[],
  { now, newest, tenant }: { now: bigint; newest: ReadonlyMap<string, bigint>; tenant: string },
): { readonly kept: readonly LokiLine[]; readonly complaint: string | undefined } {
  const invalid: string[] = [];
  const behind: { readonly stream: string; readonly text: string }[] = [];
  const kept = lines.filter(({ labels, nanos }) => {
    const stream = streamOf(labels);
    const oldest = (newest.get(stream) ?? nanos) - BEHIND;
    const entry = `entry for stream '${stream}' has timestamp`;
    if (nanos < now - OLDEST)
      invalid.push(
        `${entry} too old: ${seconds(nanos)}, oldest acceptable timestamp is: ${seconds(now - OLDEST)}`,
      );
    else if (nanos > now + AHEAD) invalid.push(`${entry} too new: ${seconds(nanos)}`);
    else if (nanos < oldest) {
      const reason = `entry too far behind, entry timestamp is: ${seconds(nanos)}, oldest acceptable timestamp is: ${seconds(oldest)}`;
      behind.push({ stream, text: `entry with timestamp ${printed(nanos)} ignored, reason: '${reason}',` });
    } else return true;
    return false;
  });
  const [first] = behind;
  if (!first) return { kept, complaint: invalid[0] };
  const same = behind.filter(({ stream }) => stream === first.stream);
  const all = lines.filter(({ labels }) => streamOf(labels) === first.stream).length;
  const total = `user '${tenant}', total ignored: ${same.length} out of ${all} for stream: ${first.stream}`;
  return { kept, complaint: [...same.map(({ text }) => text), total].join('\n') };
}
