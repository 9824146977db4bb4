import { describe, expect, it } from 'vitest';
import { splitLaunchParams, takeLaunchParams } from './launchParams';

describe('splitLaunchParams', () => {
  it('takes Telegram’s parameters and keeps the rest of the hash', () => {
    const split = splitLaunchParams(
      '#tgWebAppData=user%3D%257B%257D%26hash%3Dabc&section=2&tgWebAppVersion=9.1',
    );
    expect(split.params).toEqual({ tgWebAppData: 'user=%7B%7D&hash=abc', tgWebAppVersion: '9.1' });
    expect(split.rest).toBe('#section=2');
  });

  it('leaves nothing of a hash that was all Telegram’s', () => {
    expect(splitLaunchParams('#tgWebAppData=a&tgWebAppPlatform=ios').rest).toBe('');
  });

  it('keeps a path in front of the parameters', () => {
    expect(splitLaunchParams('#/rules?tgWebAppData=a').rest).toBe('#/rules');
    expect(splitLaunchParams('#/rules?page=2&tgWebAppData=a').rest).toBe('#/rules?page=2');
  });

  it('is not deceived by an encoded key, nor by half an escape', () => {
    expect(splitLaunchParams('#tgWebApp%44ata=secret').rest).toBe('');
    expect(splitLaunchParams('#tgWebAppData=%E0%A4%A').params).toEqual({ tgWebAppData: '%E0%A4%A' });
  });

  it.each(['', '#', '#top', '#a=1&b=2', '?a=1'])('leaves "%s" as it is', (text) => {
    expect(splitLaunchParams(text)).toEqual({ params: {}, rest: text });
  });
});

describe('takeLaunchParams', () => {
  const open = (address: string) => {
    const { pathname, search, hash } = new URL(address, 'https://app.example');
    const seen: string[] = [];
    const history = {
      state: { kept: 1 },
      replaceState: (_: unknown, __: string, url?: string | URL | null) => seen.push(String(url)),
    };
    return { seen, params: takeLaunchParams({ location: { pathname, search, hash }, history }) };
  };

  it('cleans hash and query and answers what it took', () => {
    const { seen, params } = open('/game/42?tgWebAppStartParam=ref&tab=1#tgWebAppData=secret&x=2');
    expect(seen).toEqual(['/game/42?tab=1#x=2']);
    expect(params).toEqual({ tgWebAppStartParam: 'ref', tgWebAppData: 'secret' });
  });

  it('does not touch an address without them', () => {
    expect(open('/game/42?tab=1#x')).toEqual({ seen: [], params: {} });
  });

  it('survives a frame in which the history is forbidden', () => {
    const history = {
      state: null,
      replaceState: () => {
        throw new Error('SecurityError');
      },
    };
    const location = { pathname: '/', search: '', hash: '#tgWebAppData=a' };
    expect(takeLaunchParams({ location, history })).toEqual({ tgWebAppData: 'a' });
  });
});
