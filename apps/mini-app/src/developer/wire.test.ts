// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { tapWire } from './wire';

const GATEWAY = '/api/metrics';
const { fetch: pageFetch } = window;

beforeEach(() => {
  window.fetch = vi.fn(async () => new Response('{}', { status: 202 }));
  window.navigator.sendBeacon = vi.fn(() => true);
});

afterEach(() => {
  window.fetch = pageFetch;
});

describe('tapWire', () => {
  it('keeps the newest body to the gateway, and what was answered', async () => {
    const wire = tapWire(window, GATEWAY);
    await window.fetch(GATEWAY, { method: 'POST', body: '{"metrics":["ш"]}' });
    expect(wire.last()).toMatchObject({ via: 'fetch', body: '{"metrics":["ш"]}', bytes: 18, answer: 202 });
    const packed = new ArrayBuffer(9);
    await window.fetch(GATEWAY, { method: 'POST', body: packed });
    expect(wire.last()).toMatchObject({ body: packed, bytes: 9 });
    window.navigator.sendBeacon(GATEWAY, 'later');
    expect(wire.last()).toMatchObject({ via: 'beacon', body: 'later', answer: 'handed over' });
  });

  it('lets other requests pass unseen, and hands every request on as it is', async () => {
    const beneath = window.fetch;
    const wire = tapWire(window, GATEWAY);
    const init = { method: 'POST', body: '{}' };
    expect((await window.fetch('/api/game/sessions', init)).status).toBe(202);
    expect(beneath).toHaveBeenCalledExactlyOnceWith('/api/game/sessions', init);
    expect(wire.last()).toBeUndefined();
  });

  it('fails every request while offline, as a browser does, and tells the page of both ends', async () => {
    const beneath = window.fetch;
    const beaconBeneath = window.navigator.sendBeacon;
    const heard: string[] = [];
    for (const type of ['offline', 'online']) window.addEventListener(type, () => heard.push(type));
    const wire = tapWire(window, GATEWAY);
    wire.setOffline(true);
    await expect(window.fetch('/api/game/sessions')).rejects.toThrow(TypeError);
    await expect(window.fetch(GATEWAY, { body: 'x' })).rejects.toThrow('Failed to fetch');
    expect(wire.last()?.answer).toBe('failed');
    expect(window.navigator.sendBeacon(GATEWAY, 'x')).toBe(false);
    expect(beneath).not.toHaveBeenCalled();
    expect(beaconBeneath).not.toHaveBeenCalled();
    wire.setOffline(false);
    await window.fetch(GATEWAY, { body: 'x' });
    expect(beneath).toHaveBeenCalledOnce();
    expect(heard).toEqual(['offline', 'online']);
  });

  it('tells its watchers of each step until they leave', async () => {
    const wire = tapWire(window, GATEWAY);
    const watcher = vi.fn();
    const leave = wire.subscribe(watcher);
    await window.fetch(GATEWAY, { body: 'x' });
    expect(watcher).toHaveBeenCalledTimes(2);
    leave();
    wire.setOffline(true);
    expect(watcher).toHaveBeenCalledTimes(2);
  });

  it('lets nobody hear of the page’s end once hushed', () => {
    const wire = tapWire(window, GATEWAY);
    const client = vi.fn();
    window.addEventListener('pagehide', client, true);
    document.addEventListener('visibilitychange', client, true);
    const end = () => {
      window.dispatchEvent(new Event('pagehide'));
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    };
    end();
    expect(client).toHaveBeenCalledTimes(2);
    wire.hush();
    end();
    expect(client).toHaveBeenCalledTimes(2);
  });
});
