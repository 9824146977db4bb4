/** A batch as people read it. */
export interface DecodedBatch {
  readonly producer?: string;
  readonly seq?: number;
  readonly session?: string;
  readonly user?: string;
  readonly page?: string;
  /** Name, version and environment. */
  readonly app?: string;
  readonly metrics: readonly Line[];
  readonly logs: readonly Line[];
  readonly spans: readonly Line[];
  /** Drops that the batch reports, by reason. */
  readonly dropped: readonly Line[];
  /** The whole of it, indented; key and token are masked. */
  readonly json: string;
}

/** What stands in a batch: its name, what it is worth, and its labels or fields. */
export interface Line {
  readonly name: string;
  readonly value: string;
  readonly detail: string;
}

type Item = Readonly<Record<string, unknown>>;

/** What proves who sends is nobody's to read over a shoulder or to paste into a chat. */
const masked = new Set(['key', 'token']);

function isItem(value: unknown): value is Item {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function items(value: unknown): Item[] {
  return Array.isArray(value) ? value.filter(isItem) : [];
}

function say(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function pairs(value: unknown): string {
  if (!isItem(value)) return '';
  return Object.entries(value)
    .map(([name, told]) => `${name}=${say(told)}`)
    .join('  ');
}

function metric({ name, value, values, labels }: Item): Line {
  const many = Array.isArray(values) ? values.filter((one): one is number => typeof one === 'number') : [];
  const single = typeof value === 'number' ? value : 1;
  // A timing's name tells its unit; a plain value is what a counter grows by.
  const worth = many.length > 0 ? many.map(round).join(', ') : `+${round(single)}`;
  return { name: say(name), value: worth, detail: pairs(labels) };
}

function log({ level, message, fields }: Item): Line {
  return { name: say(message), value: say(level), detail: pairs(fields) };
}

function span({ name, duration, status, attributes }: Item): Line {
  const ms = typeof duration === 'number' ? `${round(duration)} ms` : '';
  return { name: say(name), value: [ms, status].filter(Boolean).join(' '), detail: pairs(attributes) };
}

/** Reads the body of `POST /api/metrics`; `undefined` when it is none. */
export function decodeBatch(text: string): DecodedBatch | undefined {
  let batch: unknown;
  try {
    batch = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isItem(batch) || !Array.isArray(batch.metrics)) return undefined;
  const { producer, seq, session, user, page, app } = batch;
  const told = isItem(app) ? [app.name, app.version, app.environment].filter(Boolean).map(say) : [];
  const dropped = isItem(batch.dropped) ? Object.entries(batch.dropped) : [];
  return {
    ...(typeof producer === 'string' && { producer }),
    ...(typeof seq === 'number' && { seq }),
    ...(typeof session === 'string' && { session }),
    ...(typeof user === 'string' && { user }),
    ...(typeof page === 'string' && { page }),
    ...(told.length > 0 && { app: told.join(' ') }),
    metrics: items(batch.metrics).map(metric),
    logs: items(batch.logs).map(log),
    spans: items(batch.spans).map(span),
    dropped: dropped.map(([name, count]) => ({ name, value: say(count), detail: '' })),
    json: JSON.stringify(batch, (key, value: unknown) => (masked.has(key) ? '…' : value), 2),
  };
}
