// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const LAUNCH = 'tgWebAppData=user%3Dalice%26hash%3Daa&tgWebAppVersion=9.1&tgWebAppPlatform=ios';
const params = { tgWebAppData: 'user=alice&hash=aa', tgWebAppVersion: '9.1', tgWebAppPlatform: 'ios' };

/** The module as a page that has just been opened at `address` has it. */
async function open(address: string) {
  history.replaceState({ idx: 3 }, '', address);
  vi.resetModules();
  return import('./takeLaunchParams');
}

beforeEach(() => sessionStorage.clear());
afterEach(() => vi.restoreAllMocks());

describe('taking the launch parameters', () => {
  it('returns them and leaves a clean address, its state, and no entry in the history', async () => {
    const { takeLaunchParams } = await open(`/game?tab=1&tgWebAppStartParam=ref#/room?side=left&${LAUNCH}`);
    const entries = history.length;
    expect(takeLaunchParams()).toEqual({ ...params, tgWebAppStartParam: 'ref' });
    expect(location.pathname + location.search + location.hash).toBe('/game?tab=1#/room?side=left');
    expect(history.length).toBe(entries);
    expect(history.state).toEqual({ idx: 3 });
  });

  it('returns the same again, and takes those that a web client puts back', async () => {
    const { takeLaunchParams } = await open(`/#${LAUNCH}`);
    takeLaunchParams();
    expect(takeLaunchParams()).toEqual(params);
    location.hash = LAUNCH;
    expect(takeLaunchParams()).toEqual(params);
    expect(location.hash).toBe('');
  });

  it('stores nothing', async () => {
    const { takeLaunchParams } = await open(`/#${LAUNCH}`);
    takeLaunchParams();
    expect(sessionStorage.length + localStorage.length).toBe(0);
  });

  it('does not touch an address without them', async () => {
    const replace = vi.spyOn(history, 'replaceState');
    const { takeLaunchParams } = await open('/game?tab=1#/room');
    replace.mockClear();
    expect(takeLaunchParams()).toEqual({});
    expect(replace).not.toHaveBeenCalled();
  });

  it('leaves the address as it is with `strip: false`', async () => {
    const { takeLaunchParams } = await open(`/#${LAUNCH}`);
    expect(takeLaunchParams(false)).toEqual(params);
    expect(location.hash).toBe(`#${LAUNCH}`);
  });

  it('returns them also in a frame in which the history is forbidden', async () => {
    const { takeLaunchParams } = await open(`/#${LAUNCH}`);
    vi.spyOn(history, 'replaceState').mockImplementation(() => {
      throw new DOMException('denied', 'SecurityError');
    });
    expect(takeLaunchParams()).toEqual(params);
  });

  it.each([
    ['telegram-web-app.js', '__telegram__initParams', params],
    ['tma.js', 'tapps/launchParams', LAUNCH],
  ])('returns after a reload what %s has kept', async (_, key, kept) => {
    sessionStorage.setItem(key, JSON.stringify(kept));
    const { takeLaunchParams } = await open('/');
    expect(takeLaunchParams()).toEqual(params);
  });

  it.each(['{', 'null', '7', '"x"', '[]'])('returns none if %s is stored in their place', async (kept) => {
    sessionStorage.setItem('__telegram__initParams', kept);
    const { takeLaunchParams } = await open('/');
    expect(takeLaunchParams()).toEqual({});
  });

  it('returns none where storage is forbidden', async () => {
    const { takeLaunchParams } = await open('/');
    vi.stubGlobal('sessionStorage', undefined);
    expect(takeLaunchParams()).toEqual({});
    vi.unstubAllGlobals();
  });
});

it('happens as telegram() is called, before any client is there', async () => {
  history.replaceState(null, '', `/#/room?${LAUNCH}`);
  vi.resetModules();
  const { telegram } = await import('./telegram');
  expect(location.hash).toBe(`#/room?${LAUNCH}`);
  telegram();
  expect(location.hash).toBe('#/room');
});
