// @vitest-environment jsdom
import { inertTelemetry } from '@artel/telemetry-core';
import { reactErrorHandlers, TelemetryProvider } from '@artel/telemetry-react';
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { Broken } from './Broken';

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

it('crashes into its boundary, reports the error once, and recovers', () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const client = { ...inertTelemetry(), trackError: vi.fn() };
  render(
    <TelemetryProvider client={client}>
      <Broken />
    </TelemetryProvider>,
    { onCaughtError: reactErrorHandlers().onCaughtError },
  );
  fireEvent.click(screen.getByTestId('break-it'));
  expect(screen.getByRole('alert').textContent).toContain('The cue is broken');
  expect(client.trackError).toHaveBeenCalledOnce();
  fireEvent.click(screen.getByTestId('try-again'));
  expect(screen.queryByRole('alert')).toBeNull();
  expect(screen.getByTestId('cue')).toBeTruthy();
});
