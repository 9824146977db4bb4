// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import type { Environment } from '../../page/environment';
import { createPageHistory } from './pageHistory';

/** A page whose name and clock are in the test's hands. */
function setUp({ navigation = new EventTarget() as EventTarget | undefined } = {}) {
  let now = 0;
  let name = '/first';
  const environment = Object.assign(new EventTarget(), {
    navigation,
    performance: { now: () => now },
  }) as unknown as Environment;
  const history = createPageHistory({ environment, page: () => name });
  const dispatch = (target: EventTarget, type: string, timeStamp: number) =>
    target.dispatchEvent(Object.defineProperty(new Event(type), 'timeStamp', { value: timeStamp }));
  return {
    history,
    /** Renames the page at `time`, which nobody announces. */
    rename(next: string, time: number) {
      name = next;
      now = time;
    },
    move: (time: number) => navigation && dispatch(navigation, 'currententrychange', time),
    press: (time: number) => dispatch(environment, 'pointerdown', time),
  };
}

describe('the history of pages', () => {
  it('begins with the page that was loaded', () => {
    expect(setUp().history.visits).toEqual([{ from: 0, name: '/first' }]);
  });

  it('has the moment at which the address changed, also to a page of the same name', () => {
    const { history, rename, move } = setUp();
    rename('/second', 100);
    move(100);
    move(200);
    expect(history.visits).toEqual([
      { from: 200, name: '/second' },
      { from: 100, name: '/second' },
      { from: 0, name: '/first' },
    ]);
  });

  it('dates the name that an app gives a page after its address has changed back to the change', () => {
    const { history, rename, move } = setUp();
    move(100);
    rename('shop', 130);
    history.note();
    rename('shop, filtered', 500);
    history.note();
    expect(history.visits.slice(0, 2)).toEqual([
      { from: 500, name: 'shop, filtered' },
      { from: 100, name: 'shop' },
    ]);
  });

  it('dates a name that it first sees with an interaction to the interaction, however late that is handled', () => {
    const { history, rename, press } = setUp({ navigation: undefined });
    rename('/second', 900);
    press(700);
    press(800);
    expect(history.visits).toEqual([
      { from: 700, name: '/second' },
      { from: 0, name: '/first' },
    ]);
  });

  it('is bounded, and forgets the oldest', () => {
    const { history, move } = setUp();
    for (let time = 1; time <= 200; time++) move(time);
    expect(history.visits).toHaveLength(50);
    expect(history.visits[0]?.from).toBe(200);
  });

  it('ends when it is stopped', () => {
    const { history, move, press, rename } = setUp();
    history.stop();
    rename('/second', 100);
    move(100);
    press(100);
    expect(history.visits).toHaveLength(1);
  });
});
