// @vitest-environment jsdom
import { inertTelemetry } from '@artel/telemetry-core';
import { TelemetryProvider } from '@artel/telemetry-react';
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ConsentCard } from './ConsentCard';
import { createConsentBook } from './consent';
import { useConsent } from './useConsent';

afterEach(() => {
  cleanup();
  window.localStorage.clear();
});

function setUp(consent: 'granted' | 'pending' = 'granted') {
  const book = createConsentBook(() => window.localStorage);
  const setConsent = vi.fn();
  const client = { ...inertTelemetry(), setConsent, stats: () => ({ ...inertTelemetry().stats(), consent }) };
  function Asking() {
    return <ConsentCard consent={useConsent(book)} />;
  }
  render(
    <TelemetryProvider client={client}>
      <Asking />
    </TelemetryProvider>,
  );
  return { book, setConsent };
}

describe('ConsentCard', () => {
  it.each([
    ['consent-allow', true, 'granted'],
    ['consent-deny', false, 'denied'],
  ])('takes %s for an answer, keeps it, and asks no more', (button, granted, answer) => {
    const { book, setConsent } = setUp();
    fireEvent.click(screen.getByTestId(button));
    expect(setConsent).toHaveBeenCalledExactlyOnceWith(granted);
    expect(book.answer()).toBe(answer);
    expect(screen.queryByTestId('consent-card')).toBeNull();
  });

  it('says what holds until there is an answer', () => {
    setUp();
    expect(screen.getByTestId('consent-card').textContent).toContain('on until you say no');
    cleanup();
    setUp('pending');
    expect(screen.getByTestId('consent-card').textContent).toContain('until you say yes');
  });

  it('follows the answer that is given in another tab', () => {
    const { book, setConsent } = setUp();
    book.write(false);
    act(() => void window.dispatchEvent(new StorageEvent('storage')));
    expect(setConsent).toHaveBeenCalledWith(false);
    expect(screen.queryByTestId('consent-card')).toBeNull();
  });
});
