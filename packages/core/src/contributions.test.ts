import { expect, it, vi } from 'vitest';
import { createContributions } from './contributions';
import { fakeHost } from './integrations/host.fixture';
import type { Environment } from './page/environment';
import type { Contribution, Integration } from './telemetry';

const { host } = fakeHost({} as Environment);

const throwing = (thrown: unknown = new Error('broken')) => {
  throw thrown;
};

function setUp(...given: readonly (Contribution | (() => Contribution | undefined))[]) {
  const report = vi.fn();
  const integrations = given.map(
    (one, index): Integration => ({
      name: `n${index}`,
      setup: typeof one === 'function' ? one : () => one,
    }),
  );
  const contributions = createContributions({ integrations, report });
  contributions.setUp(host);
  return { contributions, report };
}

it('sets each integration up once, with its host', () => {
  const setup = vi.fn(() => undefined);
  const contributions = createContributions({ integrations: [{ name: 'a', setup }], report: vi.fn() });
  contributions.setUp(host);
  contributions.setUp(host);
  expect(setup).toHaveBeenCalledExactlyOnceWith(host);
});

it('does without integrations, and without those that a condition has left out', () => {
  for (const integrations of [undefined, [], [undefined, null, false] as const]) {
    const report = vi.fn();
    const contributions = createContributions({ integrations, report });
    contributions.setUp(host);
    expect([contributions.context(), contributions.token(), report.mock.calls]).toEqual([{}, undefined, []]);
  }
});

it.each([new Error('broken'), 'broken', Symbol('broken'), Object.create(null), undefined])(
  'does without an integration that throws %#, and names it',
  (thrown) => {
    const stop = vi.fn();
    const { contributions, report } = setUp(() => throwing(thrown), { stop });
    expect(report).toHaveBeenCalledExactlyOnceWith('integration', expect.stringMatching(/^n0: /));
    contributions.stop();
    expect(stop).toHaveBeenCalledOnce();
  },
);

it('joins the facts of all', () => {
  const { contributions } = setUp({ context: () => ({ a: 1, b: 1 }) }, () => undefined, {
    context: () => ({ b: 2 }),
  });
  expect(contributions.context()).toEqual({ a: 1, b: 2 });
});

it('takes the first source of tokens', () => {
  const token = async () => 'first';
  const { contributions } = setUp({}, { token }, { token: async () => 'second' });
  expect(contributions.token()).toBe(token);
});

it('passes each moment on to all, past those that throw', () => {
  const spies = {
    stop: vi.fn(),
    beforeHide: vi.fn(),
    onTelegramEvent: vi.fn(),
    close: vi.fn(),
    context: vi.fn(() => ({ fact: 1 })),
  };
  const bad = Object.fromEntries(Object.keys(spies).map((name) => [name, () => throwing()]));
  const { contributions } = setUp(bad, {}, spies);
  contributions.beforeHide();
  contributions.onTelegramEvent('activated', { height: 7 });
  contributions.close();
  contributions.stop();
  expect(contributions.context()).toEqual({ fact: 1 });
  for (const spy of Object.values(spies)) expect(spy).toHaveBeenCalledOnce();
  expect(spies.onTelegramEvent).toHaveBeenCalledWith('activated', { height: 7 });
});

it('reads the facts of an integration while it is still being set up', () => {
  let seen: unknown;
  const contributions = createContributions({
    integrations: [
      { name: 'a', setup: () => ({ context: () => ({ a: 1 }) }) },
      {
        name: 'b',
        setup() {
          seen = contributions.context();
          return undefined;
        },
      },
    ],
    report: vi.fn(),
  });
  contributions.setUp(host);
  expect(seen).toEqual({ a: 1 });
});
