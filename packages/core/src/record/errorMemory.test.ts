import { expect, it } from 'vitest';
import { createErrorMemory, eventIdOf } from './errorMemory';

it('knows an error object again, and no other with the same text', () => {
  const errors = createErrorMemory();
  const error = Object.freeze(new Error('x'));
  expect([errors.isNew(error), errors.isNew(error), errors.isNew(new Error('x'))]).toEqual([
    true,
    false,
    true,
  ]);
});

it.each(['x', 7, null, undefined, Symbol('s')])('takes each throw of %s for a new one', (thrown) => {
  const errors = createErrorMemory();
  expect([errors.isNew(thrown), errors.isNew(thrown)]).toEqual([true, true]);
});

it('gives one and the same error five lines', () => {
  const errors = createErrorMemory();
  const lines = Array.from({ length: 8 }, () => errors.mayLog('x'));
  expect(lines).toEqual([true, true, true, true, true, false, false, false]);
  expect(errors.mayLog('y')).toBe(true);
});

it('forgets the error that was not seen for longest, and remembers one that keeps coming', () => {
  const errors = createErrorMemory();
  for (let i = 0; i < 5; i++) {
    errors.mayLog('rare');
    errors.mayLog('frequent');
  }
  for (let i = 0; i < 1_000; i++) {
    expect(errors.mayLog(`other ${i}`)).toBe(true);
    if (i % 100 === 0) expect(errors.mayLog('frequent')).toBe(false);
  }
  expect(errors.mayLog('rare')).toBe(true);
  expect(errors.mayLog('frequent')).toBe(false);
});

it('gives an error object one id, and each primitive another', () => {
  const error = Object.freeze(new Error('x'));
  expect(eventIdOf(error)).toMatch(/^[\da-f]{32}$/);
  expect(eventIdOf(error)).toBe(eventIdOf(error));
  expect(eventIdOf('x')).not.toBe(eventIdOf('x'));
});
