import { describe, expect, it } from 'vitest';
import { fileOf, startGateway } from './gateway.fixture';
import { openStore } from './store';

const keys = ['pk_billiards_prod', 'pk_darts_prod'];
const yaml = `
tenants:
  - { app: billiards, environment: production, key: ${keys[0]} }
  - { app: darts, environment: production, key: ${keys[1]} }
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
