import { expect, it } from 'vitest';
import { fileOf, startGateway } from '../../fixtures/gateway';
import { openStream, type Stream } from '../../fixtures/live';
import type { Update } from './wire';

const batch = (action: string, more: object = {}) => ({
  metrics: [{ name: 'user_action_total', labels: { action, page: '/' } }],
  ...more,
});

/** Reads on until an update is as asked: it comes with one of the next ticks. */
async function until(stream: Stream, isAsked: (update: Update) => boolean): Promise<Update> {
  const update = await stream.update();
  return isAsked(update) ? update : until(stream, isAsked);
}

it('shows a batch that was answered 202, once however often it came, and what it logged scrubbed', async () => {
  const { url, post } = await startGateway();
  const stream = await openStream(`${url}/live/events`);
  expect((await stream.update()).actions).toEqual([]);
  const sent = batch('shot', {
    producer: 'page-1',
    seq: 1,
    logs: [{ level: 'info', message: 'by anna@example.com', timestamp: Date.now() }],
  });
  await post(sent);
  await post(sent);
  const { actions, logs, delivery, active } = await until(
    stream,
    ({ delivery: { batches } }) => batches === 2,
  );
  expect(actions).toEqual([{ name: 'shot', count: 1 }]);
  expect(delivery).toMatchObject({ accepted: 2, duplicates: 1, rejected: 0, queue: { records: 1 } });
  expect(active).toBe(1);
  expect(JSON.stringify(logs)).not.toContain('anna@');
});

it('shows nothing of a batch that could not be kept', async () => {
  const { url, post } = await startGateway();
  const stream = await openStream(`${url}/live/events`);
  await post({ metrics: [{ name: '0bad' }] });
  await post('nonsense');
  await post(batch('good'));
  const { actions, others } = await until(stream, (update) => update.actions.length > 0);
  expect(actions).toEqual([{ name: 'good', count: 1 }]);
  expect(others).toEqual([]);
});

it('keeps tenants apart for their readers, and shows them together to the operator', async () => {
  const tenant = (app: string) => ({
    app,
    environment: 'production',
    key: `public-key-of-${app}`,
    readToken: `read-token-of-${app}-only`,
  });
  const file = fileOf(
    JSON.stringify({
      admin: { token: 'the-operators-own-token' },
      tenants: [tenant('billiards'), tenant('chess')],
    }),
  );
  const { url, post } = await startGateway({ GATEWAY_CONFIG: file, GATEWAY_ENV: 'production' });
  await post(batch('potted', { key: 'public-key-of-billiards' }));
  await post(batch('castled', { key: 'public-key-of-chess' }));
  const open = (token: string, query = '') =>
    openStream(`${url}/live/events${query}`, { authorization: `Bearer ${token}` });
  const seen = async (stream: Stream) => (await stream.update()).actions.map(({ name }) => name).sort();
  expect(await seen(await open('read-token-of-chess-only'))).toEqual(['castled']);
  expect(await seen(await open('the-operators-own-token'))).toEqual(['castled', 'potted']);
  expect(await seen(await open('the-operators-own-token', '?tenant=billiards/production'))).toEqual([
    'potted',
  ]);
  expect((await open('read-token-of-chess-only', '?tenant=billiards/production')).status).toBe(403);
  expect((await open('somebody-elses-token-or-none')).status).toBe(401);
});

it('lets the gateway close while pages are open', async () => {
  const { gateway, url } = await startGateway();
  const stream = await openStream(`${url}/live/events`);
  await stream.update();
  const ended = stream.ended();
  await gateway.close();
  await ended;
});
