import { describe, expect, it } from 'vitest';
import { outputsSchema } from './outputsConfig';

const loki = { kind: 'loki', url: 'http://loki:3100' };

function problems(outputs: unknown): string[] {
  const { error } = outputsSchema.safeParse(outputs);
  return error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];
}

describe('the outputs of a configuration', () => {
  it('are none when left out', () => {
    expect(outputsSchema.parse(undefined)).toEqual({});
  });

  it('need a kind and a URL and no more', () => {
    const parsed = outputsSchema.parse({
      loki,
      tempo: { kind: 'otlp', url: 'https://tempo.example:4318/base' },
      mimir: { kind: 'remote-write', url: 'http://mimir:9009/api/v1/push' },
    });
    expect(parsed['loki']).toMatchObject({ timeoutSeconds: 10, batch: { records: 500, waitSeconds: 1 } });
    expect(parsed['tempo']).toMatchObject({ signals: ['logs', 'traces'], intervalSeconds: 60 });
    expect(parsed['mimir']).toMatchObject({ intervalSeconds: 15, labels: {} });
  });

  it('take headers as a mapping, and as the lines of a file that a secret is mounted in', () => {
    const headers = { Authorization: 'Bearer a:b', 'X-Team': 'one' };
    const lines = 'Authorization: Bearer a:b\r\n\nX-Team:one  \n';
    expect(outputsSchema.parse({ a: { ...loki, headers } })['a']).toMatchObject({ headers });
    expect(outputsSchema.parse({ a: { ...loki, headers: lines } })['a']).toMatchObject({ headers });
  });

  it.each([
    ['an unknown kind', { a: { kind: 'kafka' } }, 'a.kind: expected loki, otlp or remote-write'],
    ['another protocol', { a: { ...loki, url: 'ftp://loki' } }, 'a.url: expected an http or https URL'],
    [
      'a password in a URL',
      { a: { ...loki, url: 'http://me:hidden@loki' } },
      'a.url: expected an http or https URL without user',
    ],
    [
      'a signal twice',
      { a: { kind: 'otlp', url: 'http://a', signals: ['logs', 'logs'] } },
      'a.signals: expected one or more of logs',
    ],
    [
      'no signal',
      { a: { kind: 'otlp', url: 'http://a', signals: [] } },
      'a.signals: expected one or more of logs',
    ],
    [
      'a remote write without a path',
      { a: { kind: 'remote-write', url: 'http://a' } },
      'a.url: expected a URL with its path',
    ],
    [
      'a header that is ours',
      { a: { ...loki, headers: { Host: 'b' } } },
      'a.headers: expected names of HTTP headers',
    ],
    [
      'a line break in a header',
      { a: { ...loki, headers: { 'X-A': 'hidden\nX-B: c' } } },
      'a.headers: expected a header value',
    ],
    [
      'a file that holds no headers',
      { a: { ...loki, headers: 'hidden' } },
      'a.headers: expected a mapping of header names',
    ],
    ['a name that is no name', { 'a b': loki }, ': expected names of at most 32 letters'],
    [
      'a batch of nothing',
      { a: { ...loki, batch: { records: 0 } } },
      'a.batch.records: expected a whole number from 1',
    ],
    ['a field that nobody knows', { a: { ...loki, urll: 'x' } }, 'a: Unrecognized key'],
  ])('may not have %s, and the message does not show a secret', (_, outputs, message) => {
    const [first, ...more] = problems(outputs);
    expect(first).toContain(message);
    expect(more).toEqual([]);
    expect(first).not.toContain('hidden');
  });
});
