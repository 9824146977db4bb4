import { expect, it, vi } from 'vitest';
import { createTrouble } from './trouble';

function setUp(debug = true) {
  const warn = vi.fn();
  return { warn, trouble: createTrouble({ console: { ...console, warn }, debug }) };
}

it('warns about each kind of trouble once, in a sentence and with the detail', () => {
  const { warn, trouble } = setUp();
  trouble.report('delivery', '503');
  trouble.report('delivery', '502');
  trouble.report('invalid', 'coins_total');
  expect(warn.mock.calls).toEqual([
    ['[artel-telemetry] events are not delivered: 503'],
    ['[artel-telemetry] an event was dropped: coins_total'],
  ]);
});

it('warns about nothing unless it is asked to', () => {
  const { warn, trouble } = setUp(false);
  trouble.report('delivery', '503');
  expect(warn).not.toHaveBeenCalled();
});

it.each([Symbol('s'), Object.create(null)])('survives a detail that is no text: %#', (detail) => {
  expect(() => setUp().trouble.report('storage', detail)).not.toThrow();
});

it('survives a console that is none', () => {
  const trouble = createTrouble({ console: {} as Console, debug: true });
  expect(() => trouble.report('storage', 'full')).not.toThrow();
});
