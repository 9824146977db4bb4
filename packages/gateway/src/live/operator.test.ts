import { describe, expect, it } from 'vitest';
import { fileOf, startGateway } from '../../fixtures/gateway';
import { openStream, startLive } from '../../fixtures/live';
import type { GatewayState } from './wire';

const ADMIN = 'the-operators-own-token';
const READER = 'read-token-of-billiards';
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

const named = `tenants: [{ app: billiards, environment: production, key: public-key-1, readToken: ${READER}, outputs: [own] }]`;
const byDefault = `readToken: ${READER}`;

describe.each([
  ['a configured tenant', named, ['own (logs)']],
  ['the default tenant', byDefault, ['own (logs)', 'other (logs)']],
])('of %s that is the only one', (_title, yaml, outputs) => {
  it('the reader sees its own outputs without what they said, and the operator everything', async () => {
    // Nobody listens there.
    const out = '{ kind: loki, url: "http://127.0.0.1:9" }';
    const { url, post } = await startGateway({
      GATEWAY_CONFIG: fileOf(
        `environment: production\nadmin: { token: ${ADMIN} }\n${yaml}\noutputs: { own: ${out}, other: ${out} }`,
      ),
    });
    const logs = [{ level: 'info', message: 'm', timestamp: Date.now() }];
    expect((await post({ key: 'public-key-1', metrics: [], logs })).status).toBe(202);
    // Both look at the same feed, at the same time.
    const operator = await openStream(`${url}/live/events`, bearer(ADMIN));
    const reader = await openStream(`${url}/live/events`, bearer(READER));
    const isLate = ({ outputs: all }: GatewayState): boolean => all[0]?.failure !== undefined;
    const late = async ({ update }: typeof operator): Promise<GatewayState> => {
      for (;;) {
        const { delivery } = await update();
        if (isLate(delivery)) return delivery;
      }
    };
    const [whole, part] = await Promise.all([late(operator), late(reader)]);
    expect(whole.queue).toMatchObject({ records: 1 });
    expect(whole.outputs.map(({ name }) => name)).toEqual(['own (logs)', 'other (logs)']);
    expect(whole.outputs[0]).toMatchObject({ records: 1, failure: expect.stringMatching(/./) });
    expect(part).not.toHaveProperty('queue');
    expect(part.outputs.map(({ name }) => name)).toEqual(outputs);
    expect(part.outputs[0]).toEqual({ name: 'own (logs)', seconds: expect.any(Number), failure: '' });
  });
});

it('a page ends when its operator has become the reader of one tenant', async () => {
  let isOperator = true;
  const { open, tick, time } = await startLive(
    { tenants: () => ['a/b'] },
    { authorize: () => (isOperator ? { tenants: 'all' } : { tenants: ['a/b'] }) },
  );
  const stream = await open();
  await stream.update();
  isOperator = false;
  time.elapsed += 31_000;
  tick();
  expect(await stream.next()).toBe('denied');
});

it('a page ends when its reader may no longer read its tenant, but another', async () => {
  let readable = ['a/b', 'c/d'];
  const { open, tick, time } = await startLive(
    { tenants: () => ['a/b', 'c/d'] },
    { authorize: () => ({ tenants: readable }) },
  );
  const [kept, lost] = [await open('/live/events?tenant=a/b'), await open('/live/events?tenant=c/d')];
  for (const stream of [kept, lost]) await stream.update();
  readable = ['a/b'];
  time.elapsed += 31_000;
  tick();
  expect(await lost.next()).toBe('denied');
  expect(await kept.next()).toMatchObject({ reset: false });
});
