import { expect, it } from 'vitest';
import { scrubBody } from './body';

const shout = (parsed: object) => ({ ...parsed, scrubbed: true });

it('scrubs only JSON objects with the given function', () => {
  expect(scrubBody('{"a":1}', shout)).toBe('{"a":1,"scrubbed":true}');
  expect(scrubBody('7', shout)).toBe('7');
  expect(scrubBody('{"a":', shout)).toBe('{"a":');
});

it('filters the private fields of a form, and scrubs the rest as text', () => {
  expect(scrubBody('game=kolkhoz&password=hunter2&token=abc', shout)).toBe(
    'game=kolkhoz&password=[Filtered]&token=[Filtered]',
  );
  expect(scrubBody('write to vasily@example.com', shout)).toBe('write to [Filtered]');
});
