import { beforeEach, describe, expect, it, vi } from 'vitest';
import { openClient } from './client.fixture';
import { createTelemetry } from './createTelemetry';
import type { TelemetryOptions } from './telemetry';

const error = vi.spyOn(console, 'error');

beforeEach(() => {
  error.mockReset().mockImplementation(() => {});
});

describe('in production', () => {
  it.each([
    { endpoint: undefined },
    { endpoint: '' },
    { endpoint: 7 },
    // `${import.meta.env.VITE_GATEWAY}/api/metrics`
    { endpoint: 'undefined/api/metrics' },
    { app: undefined },
    { app: '' },
    { app: {} },
    { integrations: 7 },
  ])('the app runs, nothing is sent, and one error says why: %j', async (wrong) => {
    const { gateway, page, telemetry } = openClient(wrong as Partial<TelemetryOptions>);
    expect(error).toHaveBeenCalledExactlyOnceWith(expect.stringMatching(/^\[artel-telemetry\] TypeError/));
    telemetry.trackUserAction('tap');
    telemetry.setUser('alice');
    telemetry.startSpan('shot').end();
    await telemetry.flush();
    await page.advance(60_000);
    await telemetry.shutdown();
    expect(gateway.requests).toBe(0);
    expect(page.warnings).toEqual([]);
    expect(error).toHaveBeenCalledTimes(1);
  });

  it.each([undefined, null, 'billiards'])('the app runs without any options: %j', (options) => {
    expect(createTelemetry(options as unknown as TelemetryOptions).stats().emitted).toBe(0);
    expect(error).toHaveBeenCalledOnce();
  });

  it('names the options that are needed', () => {
    createTelemetry({ endpoint: '', app: 'billiards' });
    expect(error.mock.calls).toEqual([['[artel-telemetry] TypeError: endpoint, app']]);
  });

  it('a version that no gateway takes costs nothing', async () => {
    const app = { name: 'billiards', version: 7n as unknown as string, environment: 'e'.repeat(100) };
    const { gateway, page, telemetry } = openClient({ app });
    telemetry.trackUserAction('tap');
    await page.advance(6_000);
    expect(gateway.total('user_action_total')).toBe(1);
    expect(gateway.batches[0]?.app).toEqual({
      name: 'billiards',
      version: '7',
      environment: expect.stringMatching(/^e{63}…$/),
    });
  });

  it('trouble is not talked about unless the app asks for it', async () => {
    for (const debug of [undefined, true]) {
      const { gateway, page, telemetry } = openClient({ debug: debug ?? false });
      gateway.faults.push('foreign', { status: 403, detail: 'origin not allowed' });
      telemetry.count('coins_total', {}, Number.NaN);
      telemetry.trackUserAction('tap');
      await page.advance(20_000);
      expect(page.warnings).toEqual(
        debug
          ? [
              '[artel-telemetry] invalid: coins_total',
              expect.stringMatching(/^\[artel-telemetry\] delivery: .*text\/html/),
            ]
          : [],
      );
    }
  });
});
