import { createFakeEnd, type FakeAnswer } from '@artel/test-support/fakes/fakeEnd';
import { expect, it } from 'vitest';
import { createPost, type PostOptions } from './post';

// Nothing is timed here, and a busy machine takes its time.
const never = new AbortController().signal;

async function verdictOn(answer: FakeAnswer, over: Partial<PostOptions> = {}) {
  const end = await createFakeEnd(() => answer);
  const post = createPost({
    url: end.url,
    headers: { 'X-Own': 'yes' },
    contentType: 'application/json',
    encoding: 'gzip',
    timeoutMs: 5_000,
    clock: { now: () => Date.parse('2026-01-01T00:00:00Z') },
    ...over,
  });
  return { end, verdict: await post(Buffer.from('{}'), never) };
}

it.each([
  [200, 'accepted'],
  [204, 'accepted'],
  [400, 'refused'],
  [422, 'refused'],
  [413, 'refused'],
  [302, 'failed'],
  [401, 'failed'],
  [404, 'failed'],
  [429, 'failed'],
  [500, 'failed'],
])('takes %i as %s', async (status, kind) => {
  const { verdict } = await verdictOn({ status, headers: { Location: '/elsewhere' } });
  expect(verdict.kind).toBe(kind);
});

it.each([
  ['17', 17_000],
  ['Thu, 01 Jan 2026 00:02:00 GMT', 120_000],
  ['999999', 600_000],
  ['soon', 0],
])('reads Retry-After: %s as %i ms', async (header, retryAfterMs) => {
  const { verdict } = await verdictOn({ status: 503, headers: { 'Retry-After': header } });
  expect(verdict).toEqual({ kind: 'failed', message: '503', retryAfterMs });
});

it('sends its headers, zips what is large and leaves what is small', async () => {
  const end = await createFakeEnd(() => ({ status: 204 }));
  const post = createPost({
    url: end.url,
    headers: { 'X-Own': 'yes' },
    contentType: 'application/json',
    encoding: 'gzip',
    timeoutMs: 5_000,
    clock: { now: () => 0 },
  });
  const large = Buffer.from(JSON.stringify('x'.repeat(5_000)));
  await post(large, never);
  await post(Buffer.from('{}'), never);
  expect(end.requests.map(({ headers }) => [headers['x-own'], headers['content-encoding']])).toEqual([
    ['yes', 'gzip'],
    ['yes', undefined],
  ]);
  expect(end.requests[0]?.body).toEqual(large);
  expect(end.requests[0]?.raw.length).toBeLessThan(1_000);
});

it('tells the first words of a refusal, scrubbed, and not all of an endless one', async () => {
  const { verdict } = await verdictOn({
    status: 400,
    body: `mail a.user@example.org ${'x'.repeat(1_000_000)}`,
  });
  expect(verdict).toMatchObject({
    kind: 'refused',
    message: expect.stringMatching(/^400 mail \[Filtered\] x+…$/),
  });
  expect(verdict.kind === 'refused' && verdict.message.length).toBeLessThanOrEqual(300);
});

it('takes a 2xx for what it is, whatever its body says', async () => {
  const { verdict } = await verdictOn(
    { status: 200, body: 'nonsense' },
    {
      readRejected: () => {
        throw new Error('no message');
      },
    },
  );
  expect(verdict).toEqual({ kind: 'accepted', rejected: 0, message: '' });
});

it('says what is wrong with an end that cannot be reached', async () => {
  const end = await createFakeEnd(() => ({ status: 204 }));
  await end.kill();
  const options = {
    headers: {},
    contentType: 'a/b',
    encoding: 'gzip',
    timeoutMs: 5_000,
    clock: { now: () => 0 },
  } as const;
  expect(await createPost({ ...options, url: end.url })(Buffer.from('{}'), never)).toEqual({
    kind: 'failed',
    message: expect.stringMatching(/ECONNREFUSED/),
    retryAfterMs: 0,
  });
});
