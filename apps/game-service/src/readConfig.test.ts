import { describe, expect, it } from 'vitest';
import { readConfig } from './readConfig';

describe('readConfig', () => {
  it('listens on 127.0.0.1:4330 unless told otherwise', () => {
    expect(readConfig({})).toEqual({ port: 4330, host: '127.0.0.1' });
    expect(readConfig({ GAME_PORT: '', GAME_HOST: '' })).toEqual({ port: 4330, host: '127.0.0.1' });
    expect(readConfig({ GAME_PORT: '0', GAME_HOST: '::1' })).toEqual({ port: 0, host: '::1' });
  });

  it.each(['abc', '-1', '65536', '4330.5', ' 1'])('refuses the port "%s", naming GAME_PORT', (port) => {
    expect(() => readConfig({ GAME_PORT: port })).toThrow(`GAME_PORT "${port}" must be`);
  });
});
