import { cleanup, render, renderHook } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { setCurrentClient } from './ambientTelemetry';
import { TelemetryProvider, useTelemetry } from './TelemetryProvider';
import { createFakeTelemetry } from './testing';
import { useMetrics } from './useMetrics';

afterEach(() => {
  cleanup();
  setCurrentClient(undefined);
});

function Hit() {
  useMetrics().trackUserAction('hit');
  return null;
}

it('gives the tree below its client; elsewhere the started one is used', () => {
  const inner = createFakeTelemetry();
  const outer = createFakeTelemetry();
  setCurrentClient(outer.client);
  render(
    <>
      <Hit />
      <TelemetryProvider client={inner.client}>
        <Hit />
      </TelemetryProvider>
      <TelemetryProvider>
        <Hit />
      </TelemetryProvider>
    </>,
  );
  expect([outer.calls.length, inner.calls.length]).toEqual([2, 1]);
});

it('is what useTelemetry returns', () => {
  const { client } = createFakeTelemetry();
  const { result } = renderHook(() => useTelemetry(), {
    wrapper: ({ children }) => <TelemetryProvider client={client}>{children}</TelemetryProvider>,
  });
  expect(result.current).toBe(client);
});
