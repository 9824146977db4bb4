import { vi } from 'vitest';
import type { Journal } from '../keep/journal';
import { createScrubber } from './scrubber';
import { createWindow } from './window';

/** What recording needs: a page called /lobby, a clock that stands still, and a journal that seals when the test says so. */
export function openWindow() {
  const scrub = createScrubber();
  let window = createWindow(scrub);
  const recorded = vi.fn();
  const journal: Journal = {
    get window() {
      return window;
    },
    events: () => window.events,
    recorded,
    seal() {
      window = createWindow(scrub);
    },
    renew() {},
    discard: () => 0,
  };
  return {
    journal,
    recorded,
    scrub,
    content: () => window.content(),
    now: () => 1_000,
    page: () => '/lobby',
    context: () => ({ platform: 'ios' }),
  };
}
