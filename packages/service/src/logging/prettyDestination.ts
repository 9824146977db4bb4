import type { DestinationStream } from 'pino';

const COLOURS: Readonly<Record<string, number>> = { debug: 36, info: 32, warn: 33, error: 31, fatal: 35 };

/** What a developer knows of every line already. */
const LEFT_OUT = new Set([
  'level',
  'timestamp',
  'service',
  'version',
  'environment',
  'message',
  'stack',
  'span_id',
]);

function paint(colour: number, text: string): string {
  return `\u001b[${colour}m${text}\u001b[0m`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function show(value: unknown): string {
  return typeof value === 'string' && /^[^\s="]+$/.test(value) ? value : JSON.stringify(value);
}

function prettify(line: string): string {
  const record: unknown = JSON.parse(line);
  if (!isRecord(record)) return line;
  const { level, timestamp, message = '', stack } = record;
  const time = new Date(typeof timestamp === 'number' ? timestamp : String(timestamp))
    .toISOString()
    .slice(11, 23);
  const label = paint(COLOURS[String(level)] ?? 37, String(level).toUpperCase().padEnd(5));
  const fields = Object.entries(record)
    .filter(([key]) => !LEFT_OUT.has(key))
    .map(([key, value]) => `${paint(90, `${key}=`)}${show(value)}`);
  const trace = typeof stack === 'string' ? `\n${paint(90, stack)}` : '';
  return `${[paint(90, time), label, String(message), ...fields].join(' ')}${trace}\n`;
}

/** Turns JSON lines into lines for a human, for development: time, level, message, fields, and the stack beneath. */
export function prettyDestination(output: DestinationStream): DestinationStream {
  return {
    write(line) {
      try {
        output.write(prettify(line));
      } catch {
        output.write(line);
      }
    },
  };
}
