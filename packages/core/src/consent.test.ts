import { describe, expect, it } from 'vitest';
import { createConsent } from './consent';

function openConsent(
  consent: boolean | 'pending',
  facts: { sampled?: boolean; prerendering?: boolean } = {},
) {
  return createConsent({
    consent,
    isInSample: () => facts.sampled ?? true,
    isPrerendering: () => facts.prerendering ?? false,
  });
}

describe('consent', () => {
  it.each([
    [true, 'granted'],
    ['pending', 'pending'],
    [false, 'denied'],
  ] as const)('begins with what the option %j says: %s', (option, state) => {
    expect(openConsent(option).state).toBe(state);
  });

  it('lets nothing be stored or sent before it is given, nor after the end', () => {
    expect([openConsent('pending'), openConsent(false)].map((one) => one.mayKeep())).toEqual([false, false]);
    const consent = openConsent(true);
    expect(consent.mayKeep()).toBe(true);
    consent.stopped = true;
    expect(consent.mayKeep()).toBe(false);
  });

  it('lets nothing be stored or sent while the page is prerendered, though it is recorded', () => {
    const facts = { prerendering: true };
    const consent = openConsent(true, facts);
    expect([consent.mayKeep(), consent.refusal()]).toEqual([false, undefined]);
    facts.prerendering = false;
    expect(consent.mayKeep()).toBe(true);
  });

  it('says why an event is refused', () => {
    expect(openConsent(true).refusal()).toBeUndefined();
    expect(openConsent('pending').refusal()).toBeUndefined();
    expect(openConsent(false).refusal()).toBe('consent');
    expect(openConsent(true, { sampled: false }).refusal()).toBe('sampled');
    const over = openConsent(false);
    over.stopped = true;
    expect(over.refusal()).toBe('shutdown');
  });

  it('calls sampled only what will surely be sent', () => {
    expect(openConsent(true).isSampled()).toBe(true);
    expect(openConsent('pending').isSampled()).toBe(false);
    expect(openConsent(false).isSampled()).toBe(false);
    expect(openConsent(true, { sampled: false }).isSampled()).toBe(false);
    const over = openConsent(true);
    over.stopped = true;
    expect(over.isSampled()).toBe(false);
  });
});
