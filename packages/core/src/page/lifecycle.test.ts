// @vitest-environment jsdom
// Node's EventTarget does not remove listeners of the capture phase that are removed with `true`.
import { expect, it } from 'vitest';
import type { Environment } from './environment';
import { watchLifecycle } from './lifecycle';

function openPage() {
  const document = Object.assign(new EventTarget(), { hidden: false });
  const environment = Object.assign(new EventTarget(), { document }) as unknown as Environment;
  const seen: string[] = [];
  const stop = watchLifecycle({
    environment,
    onHide: (last) => seen.push(last ? 'leave' : 'hide'),
    onShow: () => seen.push('show'),
  });
  const onDocument = (type: string) => document.dispatchEvent(new Event(type));
  const onWindow = (type: string, facts = {}) =>
    environment.dispatchEvent(Object.assign(new Event(type), facts));
  const turn = (state: string) => {
    document.hidden = state === 'hidden';
    onDocument('visibilitychange');
  };
  return { seen, stop, onDocument, onWindow, turn };
}

it('distinguishes a hidden page from one that is left', () => {
  const { seen, turn, onDocument, onWindow } = openPage();
  turn('hidden');
  onDocument('freeze');
  onWindow('pagehide');
  expect(seen).toEqual(['hide', 'leave', 'leave']);
});

it('notes each way back: shown, resumed, restored, online', () => {
  const { seen, turn, onDocument, onWindow } = openPage();
  turn('visible');
  onDocument('resume');
  onWindow('pageshow', { persisted: true });
  onWindow('online');
  expect(seen).toEqual(['show', 'show', 'show', 'show']);
});

it('does not take the first load for a return', () => {
  const { seen, onWindow } = openPage();
  onWindow('pageshow', { persisted: false });
  expect(seen).toEqual([]);
});

it('notes nothing once it is stopped', () => {
  const { seen, stop, turn, onWindow } = openPage();
  stop();
  turn('hidden');
  onWindow('pagehide');
  onWindow('online');
  expect(seen).toEqual([]);
});
