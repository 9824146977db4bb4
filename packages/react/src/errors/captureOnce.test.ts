import { expect, it } from 'vitest';
import { createFakeTelemetry } from '../testing';
import { captureOnce } from './captureOnce';

it('reports an error object once, frozen ones included, and returns the same id each time', () => {
  for (const error of [new Error('x'), Object.freeze(new Error('cold'))]) {
    const { client, calls } = createFakeTelemetry();
    const id = captureOnce(client, error, { tags: { cue: 'ash' }, contexts: { game: { balls: 15 } } });
    expect(captureOnce(client, error, {})).toBe(id);
    expect(calls).toEqual([
      ['trackError', error, expect.objectContaining({ cue: 'ash', game: { balls: 15 }, event_id: id })],
    ]);
  }
});

it('reports a primitive each time', () => {
  const { client, calls } = createFakeTelemetry();
  for (const thrown of ['a word', 'a word', null, undefined]) captureOnce(client, thrown, {});
  expect(calls.map(([, thrown]) => thrown)).toEqual(['a word', 'a word', null, undefined]);
});

it("reports nothing of a framework's control flow", () => {
  const { client, calls } = createFakeTelemetry();
  const redirect = Object.assign(new Error('NEXT_REDIRECT'), {
    digest: 'NEXT_REDIRECT;replace;/login;307;',
  });
  expect(captureOnce(client, redirect, {})).toMatch(/^[\da-f]{32}$/);
  expect(calls).toEqual([]);
});
