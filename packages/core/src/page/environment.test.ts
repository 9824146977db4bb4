// @vitest-environment jsdom
// Node's EventTarget does not remove listeners of the capture phase that are removed with `true`.
import { describe, expect, it, vi } from 'vitest';
import { after, attempt, type Environment, isPrerendering, listen, randomHex, whenIdle } from './environment';

const broken = () => {
  throw new Error('broken');
};

/** An environment of which only `parts` are there. */
const environmentOf = (parts: object) => parts as Environment;

/** Timers that run when the test says so. */
function heldTimers() {
  const held: (() => void)[] = [];
  return { held, setTimeout: (run: () => void) => held.push(run) };
}

it('attempts: returns the result, or undefined for an exception', () => {
  expect([attempt(() => 7), attempt(broken)]).toEqual([7, undefined]);
});

it('writes random bytes as hex, each with two digits', () => {
  const crypto = { getRandomValues: (bytes: Uint8Array) => bytes.map((_, at) => [0, 10, 255][at] ?? 7) };
  expect(randomHex(environmentOf({ crypto }), 3)).toBe('000aff');
});

it('knows a page that is prerendered', () => {
  const isIt = [{ prerendering: true }, { prerendering: false }, {}].map((document) =>
    isPrerendering(environmentOf({ document })),
  );
  expect(isIt).toEqual([true, false, false]);
});

describe('what runs later', () => {
  it('throws into no timer', () => {
    const { held, setTimeout } = heldTimers();
    after(environmentOf({ setTimeout }), 5, broken);
    whenIdle(environmentOf({ setTimeout }), broken);
    expect(held).toHaveLength(2);
    for (const run of held) expect(run).not.toThrow();
  });

  it('runs when the page is idle, or soon where the browser cannot tell', () => {
    const run = vi.fn();
    whenIdle(environmentOf({ requestIdleCallback: (idle: () => void) => idle() }), run);
    expect(run).toHaveBeenCalledTimes(1);
    const { held, setTimeout } = heldTimers();
    whenIdle(environmentOf({ setTimeout }), run);
    for (const due of held) due();
    expect(run).toHaveBeenCalledTimes(2);
  });
});

it('listens until it is stopped', () => {
  const [one, other] = [new EventTarget(), new EventTarget()];
  const run = vi.fn();
  const stop = listen([
    [one, 'a', run],
    [other, 'b', run],
  ]);
  const fire = () => {
    one.dispatchEvent(new Event('a'));
    other.dispatchEvent(new Event('b'));
  };
  fire();
  expect(run).toHaveBeenCalledTimes(2);
  stop();
  fire();
  expect(run).toHaveBeenCalledTimes(2);
});
