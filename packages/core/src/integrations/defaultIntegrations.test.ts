// @vitest-environment jsdom
import { beforeEach, describe, expect, it, vi } from 'vitest';

async function namesOn(address: string) {
  history.replaceState(null, '', address);
  vi.resetModules();
  const { defaultIntegrations } = await import('./defaultIntegrations');
  return defaultIntegrations().map(({ name }) => name);
}

const usual = ['webVitals', 'pageLoad', 'apiCalls', 'errors'];

beforeEach(() => sessionStorage.clear());

describe('the default integrations', () => {
  it('watch how the page performs, its calls and its errors', async () => {
    expect(await namesOn('/game#/room')).toEqual(usual);
  });

  it('include Telegram in a Mini App, whose launch parameters are gone at once', async () => {
    expect(await namesOn('/game#tgWebAppVersion=9.1&tgWebAppData=hash%3Daa')).toEqual(['telegram', ...usual]);
    expect(location.hash).toBe('');
  });

  it('can be listed on a server', async () => {
    vi.stubGlobal('window', undefined);
    vi.stubGlobal('location', undefined);
    vi.stubGlobal('sessionStorage', undefined);
    vi.resetModules();
    const { defaultIntegrations } = await import('./defaultIntegrations');
    expect(defaultIntegrations().map(({ name }) => name)).toEqual(usual);
    vi.unstubAllGlobals();
  });
});
