import { describe, expect, it } from 'vitest';
import { judgeOrigin } from './origin';

const production = { origins: ['https://app.example'], environment: 'production' } as const;
const development = { ...production, environment: 'development' } as const;

describe('an origin', () => {
  it.each([
    [undefined, 'gw:4320', production, 'none'],
    ['https://shop.example', 'shop.example', production, 'same'],
    ['http://shop.example:8080', 'shop.example:8080', production, 'same'],
    ['https://shop.example', 'shop.example:443', production, 'same'],
    ['https://app.example', 'gw', production, 'cross'],
    ['http://app.example', 'gw', production, 'refused'],
    ['https://app.example.evil.io', 'gw', production, 'refused'],
    ['https://app.example:8443', 'gw', production, 'refused'],
    ['https://app.example/', 'gw', production, 'refused'],
    ['http://localhost:4173', 'gw', production, 'refused'],
    ['http://localhost:4173', 'gw', development, 'cross'],
    ['http://127.0.0.1:5173', 'gw', development, 'cross'],
    ['http://[::1]:5173', 'gw', development, 'cross'],
    ['http://localhost.evil.io', 'gw', development, 'refused'],
    ['http://192.168.1.5', 'gw', development, 'refused'],
    ['null', 'gw', development, 'refused'],
    ['null', 'null', development, 'refused'],
    ['https://app.example, https://evil.io', 'gw', development, 'refused'],
  ])('%s at host %s is judged in %o as %s', (origin, host, rules, kind) => {
    expect(judgeOrigin(origin, host, rules).kind).toBe(kind);
  });
});
