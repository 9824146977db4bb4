// @vitest-environment jsdom

import { gzipSync } from 'node:zlib';
import { inertTelemetry, type Stats } from '@artel/telemetry-core';
import { TelemetryProvider } from '@artel/telemetry-react';
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { DevPanel } from './DevPanel';
import type { Passage, Wire } from './wire';

afterEach(cleanup);

const batch = {
  producer: 'ab12',
  seq: 3,
  session: 'visit',
  app: { name: 'billiards', version: '1.0.0' },
  token: 'secret',
  metrics: [{ name: 'shots_total', value: 4, labels: { cue: 'ash' } }],
  logs: [{ level: 'warn', message: 'Cue slipped' }],
};

function setUp(facts: Partial<Stats> = {}, passage?: Partial<Passage>) {
  const stats: Stats = { ...inertTelemetry().stats(), storage: 'indexeddb', consent: 'granted', ...facts };
  const client = {
    ...inertTelemetry(),
    stats: () => stats,
    trackUserAction: vi.fn(),
    flush: vi.fn(async () => {}),
  };
  const last: Passage | undefined = passage && {
    at: 0,
    via: 'fetch',
    body: JSON.stringify(batch),
    bytes: 99,
    answer: 202,
    ...passage,
  };
  let offline = false;
  const watchers = new Set<() => void>();
  const wire: Wire = {
    subscribe(watcher) {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    last: () => last,
    offline: () => offline,
    setOffline: vi.fn((on: boolean) => {
      offline = on;
      for (const watcher of watchers) watcher();
    }),
    hush: vi.fn(),
  };
  const handlers = { onCrash: vi.fn(), onKill: vi.fn(), onClose: vi.fn() };
  render(
    <TelemetryProvider client={client}>
      <DevPanel wire={wire} page="/game/:id" {...handlers} />
    </TelemetryProvider>,
  );
  const text = (testId: string) => screen.getByTestId(testId).textContent;
  const press = (testId: string) => fireEvent.click(screen.getByTestId(testId));
  return { client, wire, handlers, text, press };
}

describe('DevPanel', () => {
  it('shows the books, the queue, and that they balance', () => {
    const { text } = setUp({
      emitted: 1_234,
      acknowledged: 1_200,
      pending: 30,
      dropped: { overflow: 3, consent: 1 },
      adopted: 7,
      outbox: { batches: 1, bytes: 2_048 },
    });
    expect(text('stats-emitted')).toBe('1234');
    expect(text('stats-dropped')).toBe('4');
    expect(text('stats-dropped-reasons')).toBe('overflow 3, consent 1');
    expect(text('stats-adopted')).toBe('7');
    expect(text('stats-outbox')).toBe('1 batch, 2.0 KiB');
    expect(text('stats-balance')).toContain('The books balance');
  });

  it('says by how much the books are out', () => {
    const { text } = setUp({ emitted: 10, acknowledged: 4, pending: 3, dropped: {} });
    expect(text('stats-balance')).toContain('out by 3');
    expect(screen.getByTestId('stats-balance').dataset.good).toBe('false');
  });

  it.each([
    ['as text', JSON.stringify(batch)],
    ['gzipped', new Uint8Array(gzipSync(JSON.stringify(batch))).buffer],
  ])('shows the last batch, sent %s, decoded', async (_, body) => {
    const { text, press } = setUp({}, { body });
    press('view-batch');
    expect((await screen.findByTestId('batch-metrics')).textContent).toContain('shots_total +4cue=ash');
    expect(text('batch-logs')).toContain('Cue slipped warn');
    expect(text('last-batch-answer')).toBe('202');
    expect(text('batch-json')).not.toContain('secret');
    press('view-context');
    expect(text('context-session')).toBe('visit');
    expect(text('context-page')).toBe('/game/:id');
    expect(text('context-consent')).toBe('granted');
  });

  it('lays the batch open to be copied by hand where the clipboard is shut', async () => {
    const { press } = setUp({}, {});
    press('view-batch');
    fireEvent.click(await screen.findByTestId('copy-batch'));
    expect(await screen.findByText(/copy it by hand/)).toBeTruthy();
    expect(screen.getByTestId('batch-json').closest('details')?.open).toBe(true);
  });

  it('says so when there is no batch yet, and when one cannot be read', async () => {
    setUp().press('view-batch');
    expect(screen.getByText(/No batch yet/)).toBeTruthy();
    cleanup();
    setUp({}, { body: 'nonsense' }).press('view-batch');
    expect(await screen.findByText(/could not be read/)).toBeTruthy();
  });

  it('makes the trouble that it offers', async () => {
    const { client, wire, handlers, press } = setUp();
    press('view-trouble');
    press('trouble-flood');
    expect(client.trackUserAction).toHaveBeenCalledTimes(1_000);
    press('trouble-crash');
    press('trouble-kill');
    expect(handlers.onCrash).toHaveBeenCalledOnce();
    expect(handlers.onKill).toHaveBeenCalledOnce();
    expect(screen.queryByTestId('trouble-quit')).toBeNull();
    press('trouble-offline');
    expect(wire.setOffline).toHaveBeenLastCalledWith(true);
    expect(screen.getByTestId('offline-chip')).toBeTruthy();
    expect(client.flush).not.toHaveBeenCalled();
    press('trouble-offline');
    expect(wire.setOffline).toHaveBeenLastCalledWith(false);
    expect(client.flush).toHaveBeenCalledOnce();
  });

  it('is walked by arrow keys around both ends, and left by Escape', () => {
    const { handlers } = setUp();
    const walk = (key: string) => fireEvent.keyDown(document.activeElement ?? document.body, { key });
    const here = () => document.activeElement?.getAttribute('data-testid');
    expect(here()).toBe('view-books');
    walk('ArrowLeft');
    expect(here()).toBe('view-context');
    walk('ArrowRight');
    walk('ArrowRight');
    expect(here()).toBe('view-batch');
    walk('End');
    expect(screen.getByTestId('view-context').getAttribute('aria-selected')).toBe('true');
    walk('Escape');
    expect(handlers.onClose).toHaveBeenCalledOnce();
  });
});
