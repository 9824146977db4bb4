import { describe, expect, it } from 'vitest';
import { readConfig } from './readConfig';

const usual = { port: 4330, host: '127.0.0.1', storage: 'database', trustProxy: 'loopback' };

describe('readConfig', () => {
  it('listens on 127.0.0.1:4330 and does without servers unless told otherwise', () => {
    expect(readConfig({})).toEqual(usual);
    expect(readConfig({ GAME_PORT: '', GAME_HOST: '', DATABASE_URL: '', DATA_DIR: '' })).toEqual(usual);
    expect(readConfig({ GAME_PORT: '0', GAME_HOST: '::1' })).toEqual({ ...usual, port: 0, host: '::1' });
  });

  it.each(['abc', '-1', '65536', '4330.5', ' 1'])('refuses the port "%s", naming GAME_PORT', (port) => {
    expect(() => readConfig({ GAME_PORT: port })).toThrow(`GAME_PORT "${port}" must be`);
  });

  it('takes the servers that it is told of', () => {
    const servers = {
      databaseUrl: 'postgres://games@db/games',
      redisUrl: 'rediss://cache:6380',
      amqpUrl: 'amqp://queue',
    };
    const { databaseUrl, redisUrl, amqpUrl } = servers;
    const env = { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, AMQP_URL: amqpUrl, DATA_DIR: '/data' };
    expect(readConfig(env)).toEqual({ ...usual, ...servers, dataDir: '/data' });
  });

  it.each([
    ['DATABASE_URL', 'mysql://root:password@db/games'],
    ['REDIS_URL', 'cache-password'],
    ['AMQP_URL', 'http://guest:password@queue'],
    ['TELEGRAM_BOT_TOKEN', 'the-password'],
  ])('refuses a wrong %s by its name, and does not show it', (variable, value) => {
    expect(() => readConfig({ [variable]: value })).toThrow(variable);
    expect(() => readConfig({ [variable]: value })).not.toThrow('password');
  });

  it('tells of slow queries from so many ms on', () => {
    expect(readConfig({ GAME_SLOW_QUERY_MS: '250' })).toEqual({ ...usual, slowQueryMs: 250 });
    expect(() => readConfig({ GAME_SLOW_QUERY_MS: '1.5' })).toThrow(
      'GAME_SLOW_QUERY_MS "1.5" must be a whole number',
    );
  });

  it('refuses a storage that there is not', () => {
    expect(() => readConfig({ GAME_STORAGE: 'disk' })).toThrow(
      'GAME_STORAGE "disk" must be database or memory',
    );
  });
});
