import type * as SentryReact from '@sentry/react';
import { replayIntegration } from '@sentry/react';
import { beforeEach, expect, it, vi } from 'vitest';
import { createReplay, scrubAddress, scrubAddresses } from './replay';

vi.mock('@sentry/react', async (original) => ({
  ...(await original<typeof SentryReact>()),
  replayIntegration: vi.fn(() => ({})),
}));

beforeEach(() => vi.mocked(replayIntegration).mockClear());

it('masks text and inputs, blocks media, leaves out bodies, and scrubs what Sentry adds to the recording', () => {
  createReplay();
  const options = vi.mocked(replayIntegration).mock.calls[0]?.[0];
  expect(options).toMatchObject({
    maskAllText: true,
    maskAllInputs: true,
    blockAllMedia: true,
    networkDetailAllowUrls: [],
    networkCaptureBodies: false,
    maskAttributes: expect.arrayContaining(['title', 'placeholder', 'aria-label', 'alt', 'value']),
    block: expect.arrayContaining(['#eruda']),
  });
  const scrubbed = options?.beforeAddRecordingEvent?.({
    type: 5,
    timestamp: 1,
    data: {
      tag: 'breadcrumb',
      payload: {
        type: 'default',
        timestamp: 1,
        category: 'console',
        message: 'at https://a.example/?token=1',
      },
    },
  });
  expect(JSON.stringify(scrubbed)).toContain('at https://a.example/"');
});

it('shows what the app unmasks and unblocks, and never the debugging console', () => {
  createReplay({ unmask: ['.score'], unblock: ['#table'], block: ['.chat'] });
  const options = vi.mocked(replayIntegration).mock.calls[0]?.[0];
  expect(options).toMatchObject({ unmask: ['.score'], unblock: ['#table'] });
  expect(options?.block).toEqual(expect.arrayContaining(['#eruda', '.chat']));
});

it('records no bridge message', () => {
  createReplay();
  const options = vi.mocked(replayIntegration).mock.calls[0]?.[0];
  const printed = (message: string) =>
    options?.beforeAddRecordingEvent?.({
      type: 5,
      timestamp: 1,
      data: { tag: 'breadcrumb', payload: { type: 'default', timestamp: 1, category: 'console', message } },
    });
  expect(printed('[Telegram.WebView] > postEvent web_app_invoke_custom_method')).toBeNull();
  expect(printed('ball 7 potted')).not.toBeNull();
});

it('removes query and fragment from the address with which a recording begins, and changes nothing else', () => {
  const meta = (href: string) => ({ type: 4, data: { href, width: 360, height: 740 }, timestamp: 1 });
  expect(scrubAddress(meta('https://app.example/broken?token=canary#tgWebAppData=x'))).toEqual(
    meta('https://app.example/broken'),
  );
  const other = { type: 3, data: { href: 'https://app.example/?token=canary' }, timestamp: 1 };
  expect(scrubAddress(other)).toBe(other);
});

it('can add its plugin to the recorder of the installed release of Sentry', async () => {
  const sentry = await vi.importActual<typeof SentryReact>('@sentry/react');
  expect(scrubAddresses(sentry.replayIntegration())).toBe(true);
});
