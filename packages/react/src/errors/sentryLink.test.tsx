import type { SentryOptions } from '@artel/telemetry-sentry';
import { flushSentry } from '@artel/telemetry-sentry';
import { render } from '@testing-library/react';
import { version } from 'react';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import { ErrorBoundary, initTelemetry } from '../index';

/** One error event as it lay in an envelope. */
interface Sent {
  readonly event_id: string;
  readonly contexts: { readonly react?: { readonly componentStack?: string } };
  readonly exception: {
    readonly values: readonly {
      readonly value: string;
      readonly mechanism?: { readonly handled?: boolean };
    }[];
  };
}

const envelopes: string[] = [];
const transport: NonNullable<SentryOptions['transport']> = () => ({
  send: (envelope) => {
    envelopes.push(JSON.stringify(envelope));
    return Promise.resolve({ statusCode: 200 });
  },
  flush: () => Promise.resolve(true),
});

function events(): Sent[] {
  return envelopes.flatMap((text) => {
    const items: [{ type: string }, Sent][] = JSON.parse(text)[1];
    return items.filter(([header]) => header.type === 'event').map(([, event]) => event);
  });
}

function Table(): never {
  throw new Error('lost https://a.example/?token=CANARY');
}

afterEach(() => {
  vi.restoreAllMocks();
});

// In development, React 18 dispatches each failing render to the window too, and Sentry receives that as another error.
const ofTheWindow = version.startsWith('18.') ? 1 : 0;

it('sends one event of the real Sentry for an error that a boundary caught before Sentry had loaded', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const client = initTelemetry({
    endpoint: '/api/metrics',
    app: 'billiards',
    debug: false,
    integrations: [],
    sentry: {
      dsn: 'https://abc@sentry.example/1',
      transport,
      replaysSessionSampleRate: 0,
      replaysOnErrorSampleRate: 0,
    },
  });
  // Its timers must not outlive the page of the test.
  onTestFinished(() => client.shutdown());
  const { container } = render(
    <ErrorBoundary fallback={({ eventId }) => <p>{eventId}</p>}>
      <ErrorBoundary
        fallback={({ error }) => {
          throw error;
        }}
      >
        <Table />
      </ErrorBoundary>
    </ErrorBoundary>,
  );
  await vi.waitFor(async () => {
    await flushSentry();
    expect(events()).toHaveLength(1 + ofTheWindow);
  });
  expect(client.stats().emitted).toBe(1);
  const [event, ...others] = events().filter(({ exception }) => exception.values.at(-1)?.mechanism?.handled);
  expect(others).toEqual([]);
  expect(event?.event_id).toBe(container.textContent);
  expect(event?.contexts.react?.componentStack).toMatch(/at (?:Table|ErrorBoundary) /);
  expect(event?.exception.values.at(-1)).toMatchObject({
    value: 'lost https://a.example/',
    mechanism: { handled: true },
  });
  expect(envelopes.join()).not.toContain('CANARY');
});
