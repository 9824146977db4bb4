import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askQuestion, findQuestion, parametersOf } from './askQuestion';
import type { LogEntry } from './logEntry';
import { matchLabels, matchQuery } from './matchQuery';
import { questions } from './questions';
import { parseLogql, runLogql } from './testing/logqlEngine';
import { toLogql, toQueryRange } from './toLogql';

const names = Object.keys(questions);

/** What somebody who means harm, or just types, puts into a parameter. */
const hostile = [
  '"} | line_format "x" #',
  'x"} or {app=~".+"}',
  'a|b.*',
  '\\',
  '\\" | json',
  '`',
  'new\nline',
  '{{ .secret }}',
  '\u0000\u2028\ud800',
  'ф🎱',
];

function parameterNames(question: string): string[] {
  return Object.entries(parametersOf(findQuestion(question)))
    .filter(([, { narrows }]) => !('above' in narrows))
    .map(([name]) => name);
}

describe('every question', () => {
  it.each(names)('%s is LogQL by the grammar of Grafana’s editor', (name) => {
    expect(() => parseLogql(toLogql(askQuestion(name)))).not.toThrow();
    expect(findQuestion(name).title).not.toBe('');
  });

  it.each(names)('%s stays itself whatever its parameters hold', (name) => {
    const shapeOf = (text: string) => parseLogql(text).root.toString();
    for (const parameter of parameterNames(name)) {
      const usual = shapeOf(toLogql(askQuestion(name, { [parameter]: 'usual' })));
      for (const value of hostile) {
        expect(shapeOf(toLogql(askQuestion(name, { [parameter]: value }))), `${parameter}=${value}`).toBe(
          usual,
        );
      }
      const two = shapeOf(toLogql(askQuestion(name, { [parameter]: ['one', 'two'] })));
      expect(shapeOf(toLogql(askQuestion(name, { [parameter]: hostile.slice(0, 2) })))).toBe(two);
    }
  });
});

it('says the seed’s question about slow requests by the fields that there are', () => {
  const query = askQuestion('slow-requests', {
    environment: 'production',
    service: ['game-service', 'a.b'],
    thresholdMs: '250',
    contains: '/api',
  });
  expect(toLogql(query)).toBe(
    '{category=~"http_response|http_error", environment="production", service_name=~"game-service|a\\\\.b"} |= "/api" ' +
      '| json | duration_ms > 250 | __error__="" ' +
      '| line_format "SLOW: {{.method}} {{.url}} took {{.duration_ms}} ms ({{.status_code}})"',
  );
});

it('asks Loki’s API for a time and so many lines', () => {
  const url = new URL(toQueryRange(askQuestion('errors'), { from: 1n, to: 2n, limit: 3 }), 'http://loki');
  expect(url.pathname).toBe('/loki/api/v1/query_range');
  expect(Object.fromEntries(url.searchParams)).toEqual({
    query: toLogql(askQuestion('errors')),
    start: '1',
    end: '2',
    limit: '3',
    direction: 'backward',
  });
});

describe('a parameter that does not do is refused by its name', () => {
  it.each([
    ['errors', { severity: 'high' }, 'parameter: expected one of environment, service, contains'],
    ['errors', { service: '' }, 'service: expected 1 to 50 texts'],
    ['errors', { service: [] }, 'service: expected 1 to 50 texts'],
    ['slow-requests', { thresholdMs: 'soon' }, 'thresholdMs: expected a number from 0'],
    ['slow-requests', { thresholdMs: -1 }, 'thresholdMs: expected a number from 0'],
    ['slow-requests', { thresholdMs: ' ' }, 'thresholdMs: expected a number from 0'],
    ['slow', {}, 'question: expected one of errors, sessions-created'],
    ['__proto__', {}, 'question: expected one of errors'],
  ])('%s %j', (name, asked, message) => {
    expect(() => askQuestion(name, asked)).toThrow(message);
  });
});

const word = fc.constantFrom(
  'a',
  'b.c',
  'x|y',
  '"',
  '\\',
  '(',
  '',
  'ф',
  '12',
  '1000.5',
  '1e3',
  '-3',
  ' 7',
  '0x10',
);
const labelValue = fc.constantFrom(
  'error',
  'warn',
  'info',
  'http_response',
  'db_query',
  'security',
  'a',
  'b.c',
  'x|y',
);
const fieldNames = [
  'level',
  'category',
  'event_type',
  'duration_ms',
  'url',
  'table',
  'service_name',
  'environment',
  'severity',
  'user_id',
  'error_type',
  'session_id',
];
const scalar = fc.oneof(
  word,
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
);
const fieldName = fc.constantFrom(...fieldNames, 'details', 'event_data', 'level_extracted', 'odd-name');
const details = fc.dictionary(fc.constantFrom('reason', 'game_type', 'deep'), scalar, { maxKeys: 3 });
const parsed = fc.dictionary(fieldName, fc.oneof(scalar, details, fc.array(scalar, { maxLength: 2 })), {
  maxKeys: 8,
});
const entry: fc.Arbitrary<LogEntry> = fc.record({
  labels: fc.dictionary(fc.constantFrom('level', 'category', 'service_name', 'environment'), labelValue),
  metadata: fc.dictionary(fc.constantFrom('duration_ms', 'user_id', 'request_id', 'method'), word),
  nanos: fc.constant(1n),
  line: fc.oneof(
    { weight: 5, arbitrary: parsed.map((fields) => JSON.stringify(fields)) },
    { weight: 1, arbitrary: fc.constantFrom('no json', '{"cut":', '[1]', '"text"', '12') },
  ),
});
function rarely<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: 1, arbitrary }, { weight: 4, arbitrary: fc.constant(undefined) });
}

/** What a question wants of a line, for most of them; left to chance, hardly a line would answer one. */
function wantedOf(name: string) {
  const { labels, fields } = findQuestion(name).always;
  return {
    labels: Object.fromEntries(labels.map((one) => [one.name, one.values[0] ?? ''])),
    fields: Object.fromEntries(fields.flatMap((one) => ('values' in one ? [[one.name, one.values[0]]] : []))),
  };
}

it('chooses the lines that Loki would, and shows them alike, whatever they hold', () => {
  let answers = 0;
  const parameters = fc.record({
    service: rarely(fc.uniqueArray(labelValue, { minLength: 1, maxLength: 3 })),
    contains: rarely(fc.constantFrom('a', '"', 'duration')),
    userId: rarely(fc.constantFrom('a', 'x|y')),
  });
  fc.assert(
    fc.property(
      fc.constantFrom(...names),
      parameters,
      fc.constantFrom(0, 12, 999.5),
      entry,
      fc.integer({ min: 0, max: 9 }),
      (name, asked, thresholdMs, { labels, line, ...rest }, chance) => {
        const given = 'thresholdMs' in parametersOf(findQuestion(name)) ? { ...asked, thresholdMs } : asked;
        const query = askQuestion(name, given);
        const wanted = wantedOf(name);
        const isObject = line.startsWith('{') && line.endsWith('}');
        const one: LogEntry = {
          ...rest,
          labels: chance > 0 ? { ...labels, ...wanted.labels } : labels,
          line: isObject && chance > 1 ? JSON.stringify({ ...JSON.parse(line), ...wanted.fields }) : line,
        };
        const ours = matchLabels(query, one.labels) ? matchQuery(query, one)?.text : undefined;
        if (ours !== undefined) answers++;
        expect(ours).toBe(runLogql(toLogql(query), one)?.trimEnd());
      },
    ),
    { numRuns: 1_500, seed: 7 },
  );
  expect(answers).toBeGreaterThan(300);
});
