import type * as SentryReact from '@sentry/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type * as StartReplay from './startReplay';
import { cleanAddress, stripLaunchParams } from './startReplay';

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

it('adds one recorder to a page, however often it is started', async () => {
  await Promise.all([replay.startReplay(true), replay.startReplay(true)]);
  await replay.startReplay(true);
  expect(createReplay).toHaveBeenCalledOnce();
  expect(addIntegration).toHaveBeenCalledExactlyOnceWith(recorder);
});

it('does not record while the address contains launch parameters that it must not remove', async () => {
  history.replaceState(null, '', '/#tgWebAppData=x');
  await replay.startReplay(false);
  expect(createReplay).not.toHaveBeenCalled();
  expect(location.hash).toBe('#tgWebAppData=x');
});

it('does not start if it is stopped while it loads, but starts when it is allowed again', async () => {
  const started = replay.startReplay(true);
  replay.stopReplay();
  await started;
  expect(createReplay).not.toHaveBeenCalled();
  replay.allowReplay();
  await vi.waitFor(() => expect(createReplay).toHaveBeenCalledOnce());
});

it('stops without sending what is buffered, and resumes', async () => {
  await replay.startReplay(true);
  replay.stopReplay();
  expect(recorder.stop).toHaveBeenCalledExactlyOnceWith({ flush: false });
  replay.allowReplay();
  expect(recorder.startBuffering).toHaveBeenCalledOnce();
});

it('adds no recorder if its chunk does not load', async () => {
  vi.doMock('./replay', () => {
    throw new Error('offline');
  });
  await expect(replay.startReplay(true)).resolves.toBeUndefined();
  expect(addIntegration).not.toHaveBeenCalled();
});

describe('cleanAddress', () => {
  it.each([
    ['https://a.example/#tgWebAppData=x%3D1&tgWebAppVersion=9.1', 'https://a.example/'],
    ['https://a.example/?tgWebAppStartParam=s&lang=ru', 'https://a.example/?lang=ru'],
    ['https://a.example/#/game/5?side=left&tgWebAppData=x', 'https://a.example/#/game/5?side=left'],
    ['https://a.example/#/game/5?tgWebAppData=x', 'https://a.example/#/game/5'],
    ['https://a.example/a?b=c#d', 'https://a.example/a?b=c#d'],
  ])('turns %s into %s', (address, clean) => {
    expect(cleanAddress(address)).toBe(clean);
  });
});

it('removes the launch parameters from the page’s address without a history entry, and keeps its state', () => {
  history.replaceState({ idx: 3 }, '', '/#tgWebAppData=x&tgWebAppVersion=9.1');
  const entries = history.length;
  expect(stripLaunchParams()).toBe(true);
  expect(location.hash).toBe('');
  expect(history.length).toBe(entries);
  expect(history.state).toEqual({ idx: 3 });
});
