import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from './stack';

const run = promisify(execFile);

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: {
    readonly detail?: string;
    readonly accepted?: number;
    readonly rejected?: readonly { index: number; reason: string }[];
  };
}

/** Posts a body with curl, as a newcomer would. */
async function curl(url: string, folder: string, body: string): Promise<Answer> {
  const file = join(folder, 'body.json');
  writeFileSync(file, body);
  const { stdout } = await run('curl', [
    '-sS',
    '-w',
    '\n%{http_code} %{content_type}',
    '--data-binary',
    `@${file}`,
    url,
  ]);
  const lines = stdout.trimEnd().split('\n');
  const [status = '', type = ''] = (lines.pop() ?? '').split(' ');
  return { status: Number(status), type, body: JSON.parse(lines.join('\n')) as Answer['body'] };
}

const point = (extra: object = {}) => ({
  name: 'user_action_total',
  value: 1,
  labels: { action: 'x', page: '/' },
  ...extra,
});

test('the bare body of the seed is counted, and a bad one is answered with what was wrong', async ({
  stack,
  folder,
}) => {
  const url = `${stack.gateway}/api/metrics`;
  const post = (body: unknown) => curl(url, folder, typeof body === 'string' ? body : JSON.stringify(body));

  const good = await post(
    '{"metrics":[{"name":"user_action_total","value":1,"labels":{"action":"x","page":"/"}}]}',
  );
  expect(good).toMatchObject({ status: 202, body: { accepted: 1, rejected: [], duplicate: false } });
  expect(await stack.counted('user_action_total', { action: 'x', page: '/' })).toBe(1);

  const many = Array.from({ length: 10_000 }, () => point());
  const bad: readonly (readonly [unknown, number, RegExp])[] = [
    ['not json', 400, /JSON/],
    [{ metrics: 'many' }, 400, /metrics.*array/],
    [{ metrics: [point({ value: 'one' })] }, 400, /value.*number/],
    [{ metrics: [point({ name: 'bad name!' })] }, 400, /name.*bad name!/],
    [{ metrics: [point({ labels: { action: 'y'.repeat(10_000) } })] }, 400, /labels\.action.*10000/],
    [{ metrics: many }, 413, /10000|10,000/],
    [{ metrics: [point()], filler: 'z'.repeat(5_000_000) }, 413, /byte|large|limit/i],
  ];
  for (const [body, status, named] of bad) {
    const answer = await post(body);
    expect(answer.status).toBe(status);
    expect(answer.type).toMatch(/^application\/problem\+json/);
    expect(JSON.stringify(answer.body)).toMatch(named);
  }
  expect(await stack.counted('user_action_total')).toBe(1);

  const mixed = await post({ metrics: [point(), point({ name: '0bad' }), point()] });
  expect(mixed).toMatchObject({ status: 202, body: { accepted: 2 } });
  expect(mixed.body.rejected).toEqual([{ index: 1, reason: expect.stringContaining('0bad') }]);
  expect(await stack.counted('user_action_total', { action: 'x' })).toBe(3);
});
