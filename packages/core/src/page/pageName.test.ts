import { expect, it } from 'vitest';
import type { Environment } from './environment';
import { createPageName } from './pageName';

function fakeWindow(navigation?: EventTarget) {
  let reads = 0;
  let pathname = '/sessions/42';
  const location = {
    get pathname() {
      reads += 1;
      return pathname;
    },
  };
  return {
    window: { location, navigation } as unknown as Environment['window'],
    go(path: string) {
      pathname = path;
      navigation?.dispatchEvent(new Event('currententrychange'));
    },
    reads: () => reads,
  };
}

it('names the page by the template of its path, whether or not the browser tells of changes', () => {
  for (const navigation of [undefined, new EventTarget()]) {
    const { window, go } = fakeWindow(navigation);
    const name = createPageName(window);
    expect(name()).toBe('/sessions/:id');
    go('/lobby');
    expect(name()).toBe('/lobby');
  }
});

it('reads the address once a change where the browser tells of changes', () => {
  const { window, go, reads } = fakeWindow(new EventTarget());
  const name = createPageName(window);
  for (let i = 0; i < 100; i++) name();
  go('/lobby');
  for (let i = 0; i < 100; i++) name();
  expect(reads()).toBe(2);
});
