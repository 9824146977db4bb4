import type * as SentryReact from '@sentry/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type * as StartReplay from './startReplay';

const recorder = { name: 'Replay', stop: vi.fn(() => Promise.resolve()), startBuffering: vi.fn() };
const createReplay = vi.fn(() => recorder);
const addIntegration = vi.fn();
let replay: typeof StartReplay;

beforeEach(async () => {
  vi.resetModules();
  vi.clearAllMocks();
  const client = {};
  vi.doMock('@sentry/react', async (original) => ({
    ...(await original<typeof SentryReact>()),
    addIntegration,
    getClient: () => client,
  }));
  vi.doMock('./replay', () => ({ createReplay }));
  replay = await import('./startReplay');
});
afterEach(() => {
  vi.doUnmock('./replay');
  vi.doUnmock('@sentry/react');
  history.replaceState(null, '', '/');
});

it('makes one recorder for a page, however often it starts', async () => {
  await Promise.all([replay.startReplay(true), replay.startReplay(true)]);
  await replay.startReplay(true);
  expect(createReplay).toHaveBeenCalledOnce();
  expect(addIntegration).toHaveBeenCalledExactlyOnceWith(recorder);
});

it('does not record an address with launch parameters that it may not clean', async () => {
  history.replaceState(null, '', '/#tgWebAppData=x');
  await replay.startReplay(false);
  expect(createReplay).not.toHaveBeenCalled();
  expect(location.hash).toBe('#tgWebAppData=x');
});

it('does not start when it is stopped while it loads, but once it is allowed', async () => {
  const started = replay.startReplay(true);
  replay.stopReplay();
  await started;
  expect(createReplay).not.toHaveBeenCalled();
  replay.allowReplay();
  await vi.waitFor(() => expect(createReplay).toHaveBeenCalledOnce());
});

it('stops without sending what it holds, and may go on', async () => {
  await replay.startReplay(true);
  replay.stopReplay();
  expect(recorder.stop).toHaveBeenCalledExactlyOnceWith({ flush: false });
  replay.allowReplay();
  expect(recorder.startBuffering).toHaveBeenCalledOnce();
});

it('goes on without a recorder whose chunk does not arrive', async () => {
  vi.doMock('./replay', () => {
    throw new Error('offline');
  });
  await expect(replay.startReplay(true)).resolves.toBeUndefined();
  expect(addIntegration).not.toHaveBeenCalled();
});
