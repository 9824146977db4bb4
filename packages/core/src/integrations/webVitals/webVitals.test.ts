import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Environment } from '../../page/environment';
import { fakeHost } from '../host.fixture';

/** A page that becomes idle when the test says so. */
function openPage(missing: object = {}) {
  const idle: (() => void)[] = [];
  const environment = Object.assign(new EventTarget(), {
    performance: { now: () => 0, getEntriesByType: () => [] },
    PerformanceObserver: class {},
    requestIdleCallback: (run: () => void) => idle.push(run),
    ...missing,
  }) as unknown as Environment;
  return {
    ...fakeHost(environment),
    async becomeIdle() {
      for (const run of idle.splice(0)) run();
      await vi.dynamicImportSettled();
    },
  };
}

const watcher = { finish: vi.fn(), stop: vi.fn() };
const watchVitals = vi.fn((_deps: object) => watcher);

/** The integration, with `load` in place of the chunk's arrival. */
async function withChunk(load: () => object = () => ({ watchVitals })) {
  vi.resetModules();
  vi.doMock('./watchVitals', load);
  return (await import('./webVitals')).webVitals();
}

afterEach(() => {
  vi.doUnmock('./watchVitals');
  vi.clearAllMocks();
});

describe('webVitals', () => {
  it('starts to watch when the page is idle, with the page that was loaded', async () => {
    const { host, becomeIdle } = openPage();
    (await withChunk()).setup(host);
    expect(watchVitals).not.toHaveBeenCalled();
    await becomeIdle();
    expect(watchVitals).toHaveBeenCalledOnce();
    expect(watchVitals.mock.calls[0]?.[0]).toMatchObject({
      telemetry: host.telemetry,
      history: { visits: [{ from: 0, name: '/lobby' }] },
    });
  });

  it('makes the metrics final before the page hides, and stops', async () => {
    const { host, becomeIdle } = openPage();
    const contribution = (await withChunk()).setup(host);
    await becomeIdle();
    contribution?.beforeHide?.();
    expect(watcher.finish).toHaveBeenCalledOnce();
    contribution?.stop?.();
    expect(watcher.stop).toHaveBeenCalledOnce();
  });

  it('watches nothing if it is stopped before the page is idle, or before the chunk arrives', async () => {
    const { host, becomeIdle } = openPage();
    const webVitals = await withChunk();
    webVitals.setup(host)?.stop?.();
    const contribution = webVitals.setup(host);
    const idle = becomeIdle();
    contribution?.stop?.();
    await idle;
    expect(watchVitals).not.toHaveBeenCalled();
  });

  it('breaks nothing if the chunk never arrives', async () => {
    const { host, calls, becomeIdle } = openPage();
    const webVitals = await withChunk(() => {
      throw new Error('Failed to fetch dynamically imported module');
    });
    const contribution = webVitals.setup(host);
    await becomeIdle();
    contribution?.beforeHide?.();
    contribution?.stop?.();
    expect(calls).toEqual([]);
  });

  it.each([
    ['PerformanceObserver', { PerformanceObserver: undefined }],
    ['getEntriesByType', { performance: { now: () => 0 } }],
    ['a performance timeline', { performance: undefined }],
  ])('loads nothing without %s', async (_, missing) => {
    const { host, becomeIdle } = openPage(missing);
    expect((await withChunk()).setup(host)).toBeUndefined();
    await becomeIdle();
    expect(watchVitals).not.toHaveBeenCalled();
  });
});
