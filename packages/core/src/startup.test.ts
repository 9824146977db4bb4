import { afterEach, describe, expect, it, vi } from 'vitest';
import { openClient } from './client.fixture';
import { createTelemetry } from './createTelemetry';
import type { Integration } from './telemetry';

const options = { endpoint: '/api/metrics', app: 'billiards' };

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('where there is no whole page', () => {
  const listening = { addEventListener() {}, removeEventListener() {} };

  it.each([
    ['no window', undefined],
    ['a window that is empty', {}],
    ['a window that is the global object', globalThis],
    ['a document without events', { document: {} }],
    ['no document', { document: null, addEventListener() {} }],
    ['no random numbers', { document: listening, ...listening }],
    ['nothing else', { document: listening, crypto }],
  ])('the client does nothing, and nothing throws: %s', async (_, window) => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {});
    vi.stubGlobal('window', window);
    const telemetry = createTelemetry(options);
    telemetry.trackUserAction('tap');
    telemetry.startSpan('shot').end();
    await telemetry.flush();
    expect(telemetry.stats()).toMatchObject({ emitted: 0, consent: 'denied' });
    expect(error.mock.calls.length).toBeLessThanOrEqual(1);
    error.mockRestore();
  });

  it('a wrong option is named all the same', () => {
    expect(() => createTelemetry({ ...options, endpoint: '' })).toThrow('endpoint must be');
  });
});

describe('integrations', () => {
  it('that a condition leaves out are skipped, and one that throws is missing alone', async () => {
    const integration = (name: string, setup: Integration['setup']): Integration => ({ name, setup });
    const { gateway, page, telemetry } = openClient({
      integrations: [
        undefined,
        null,
        false,
        integration('broken', () => {
          throw Symbol('broken');
        }),
        integration('early', (host) => {
          host.telemetry.count('early_total');
          return undefined;
        }),
        integration('facts', () => ({ context: () => ({ cue: 'ash' }) })),
      ],
    });
    telemetry.log.info('started');
    await page.advance(6_000);
    expect(page.warnings).toEqual([expect.stringContaining('an integration could not be set up: broken: ')]);
    expect(gateway.total('early_total')).toBe(1);
    expect(gateway.batches[0]?.logs?.[0]?.fields).toMatchObject({ cue: 'ash' });
  });
});

describe('the endpoint', () => {
  it.each([
    ['../api/metrics', 'https://app.test/api/metrics'],
    ['./metrics', 'https://app.test/app/metrics'],
    ['/metrics', 'https://app.test/metrics'],
    ['//telemetry.test/metrics', 'https://telemetry.test/metrics'],
    ['https://telemetry.test/metrics', 'https://telemetry.test/metrics'],
  ])('%s is resolved once, wherever the app goes', async (endpoint, url) => {
    const urls = new Set<unknown>();
    const { gateway, page, telemetry } = openClient({
      endpoint,
      prepare({ environment, document }) {
        Object.assign(document, { baseURI: 'https://app.test/app/lobby' });
        const { fetch, navigator } = environment;
        const { sendBeacon } = navigator;
        environment.fetch = (input, init) => {
          urls.add(input);
          return fetch(input, init);
        };
        navigator.sendBeacon = (input, body) => {
          urls.add(input);
          return sendBeacon(input, body);
        };
      },
    });
    telemetry.trackUserAction('tap');
    await page.advance(6_000);
    Object.assign(page.document, { baseURI: 'https://app.test/app/game/1/round/2' });
    telemetry.trackUserAction('tap');
    await page.advance(6_000);
    telemetry.trackUserAction('tap');
    page.hide();
    await page.advance(1);
    expect(gateway.total('user_action_total')).toBe(3);
    expect([...urls]).toEqual([url]);
  });
});
