import { BOT_TOKEN, launchFields, signLaunch } from '@artel/test-support/fakes/telegramLaunch';
import { describe, expect, it } from 'vitest';
import { expectProblem, fileOf, startGateway } from '../fixtures/gateway';
import { openStore } from './store';

const keys = ['pk_billiards_prod', 'pk_darts_prod'];
const yaml = `
tenants:
  - { app: billiards, environment: production, key: ${keys[0]}, origins: ['https://billiards.example'], telegram: { botToken: "${BOT_TOKEN}" } }
  - { app: darts, environment: production, key: ${keys[1]}, origins: ['https://darts.example'] }
`;

describe('what is kept of a user', () => {
  it('is another hash with each tenant: nobody finds the players of one app among those of another', async () => {
    const { gateway, post, dataDir } = await startGateway({ GATEWAY_CONFIG: fileOf(yaml) });
    const logs = [{ level: 'info', message: 'm', timestamp: Date.now() }];
    for (const key of [...keys, ...keys]) {
      expect((await post({ key, metrics: [], logs, user: 'u1' })).status).toBe(202);
    }
    await gateway.close();
    const store = openStore(dataDir);
    const users = store.read(0, 9).map(({ record }) => record.user);
    await store.close();
    expect(users).toHaveLength(4);
    expect(users.slice(2)).toEqual(users.slice(0, 2));
    expect(new Set(users).size).toBe(2);
  });
});

describe('a sign-in', () => {
  it('is for pages of its own app, and not for those of another of the same gateway', async () => {
    const { get } = await startGateway({ GATEWAY_CONFIG: fileOf(yaml) });
    const initData = signLaunch(launchFields({ auth_date: String(Math.floor(Date.now() / 1_000)) }));
    const body = JSON.stringify({ initData, key: keys[0] });
    const from = (origin: string) => get('/api/session', { method: 'POST', body, headers: { origin } });
    const own = await from('https://billiards.example');
    expect(own.status).toBe(200);
    expect(own.headers.get('access-control-allow-origin')).toBe('https://billiards.example');
    const foreign = await from('https://darts.example');
    expectProblem(foreign, 403, /Origin/);
    expect(foreign.headers.get('access-control-allow-origin')).toBeNull();
  });
});
