import { IDBFactory } from 'fake-indexeddb';
import { expect, it } from 'vitest';
import { createFakeDevice } from '../testing/fakeDevice';
import { createFakeGateway } from '../testing/fakeGateway';
import { createSession } from './session';

const MINUTE = 60_000;

/** A tab: pages that follow one another in it share its storage. */
function openTab() {
  const device = createFakeDevice({ gateway: createFakeGateway(), indexedDB: new IDBFactory() });
  const { environment } = device.openPage();
  const open = (sampleRate = 1, namespace = 'app') => createSession({ environment, namespace, sampleRate });
  return { device, environment, open, storage: environment.sessionStorage };
}

it('is one session while events come', () => {
  const { device, open } = openTab();
  const session = open();
  const first = session.current();
  for (let i = 0; i < 15; i++) {
    device.clockSkew += 14 * MINUTE;
    expect(session.current()).toEqual({ id: first.id, previous: undefined });
  }
});

it('is a new one, linked to the one before, after 15 minutes without an event', () => {
  const { device, open } = openTab();
  const session = open();
  const first = session.current();
  device.clockSkew += 15 * MINUTE + 1;
  const second = session.current();
  expect(second.previous).toBe(first.id);
  expect(second.id).not.toBe(first.id);
  expect(session.current()).toEqual({ id: second.id, previous: undefined });
});

it('is a new one after four hours, however busy they were', () => {
  const { device, open } = openTab();
  const session = open();
  const { id } = session.current();
  const later = Array.from({ length: 25 }, () => {
    device.clockSkew += 10 * MINUTE;
    return session.current();
  });
  expect(later.map((one) => one.previous).filter(Boolean)).toEqual([id]);
});

it('does not end because the clock was set back', () => {
  const { device, open } = openTab();
  const session = open();
  const { id } = session.current();
  device.clockSkew -= 24 * 60 * MINUTE;
  expect(session.current()).toEqual({ id, previous: undefined });
});

it('goes on in the page that follows in the tab', () => {
  const { device, open } = openTab();
  const session = open();
  const { id } = session.current();
  session.save(true);
  device.clockSkew += MINUTE;
  expect(open().current()).toEqual({ id, previous: undefined });
});

it('is linked when the page that follows comes too late', () => {
  const { device, open } = openTab();
  const session = open();
  const { id } = session.current();
  session.save(true);
  device.clockSkew += 16 * MINUTE;
  expect(open().current().previous).toBe(id);
});

it('is in no storage that a tab opened from this one could copy', () => {
  const { open, storage } = openTab();
  const before = open();
  before.current();
  before.save(true);
  expect(Object.keys(storage)).toEqual(['app']);
  open().claim();
  expect(Object.keys(storage)).toEqual([]);
});

it('is not lost when the page is hidden and shown before its first event', () => {
  const { open } = openTab();
  const before = open();
  const { id } = before.current();
  before.save(true);
  const after = open();
  after.claim();
  after.save(true);
  after.claim();
  expect(after.current().id).toBe(id);
});

it('goes on where the page left it that was open in between', () => {
  const { device, open } = openTab();
  const restored = open();
  restored.current();
  restored.save(true);
  const between = open();
  device.clockSkew += 20 * MINUTE;
  const { id } = between.current();
  between.save(true);
  restored.claim();
  expect(restored.current()).toEqual({ id, previous: undefined });
});

it('is each client’s own', () => {
  const { open } = openTab();
  const [one, other] = [open(1, 'one'), open(1, 'other')];
  const ids = [one.current().id, other.current().id];
  one.save(true);
  other.save(true);
  expect([open(1, 'one').current().id, open(1, 'other').current().id]).toEqual(ids);
  expect(ids[0]).not.toBe(ids[1]);
});

it('is forgotten when the player says so', () => {
  const { open, storage } = openTab();
  const session = open();
  session.current();
  session.save(true);
  session.save(false);
  expect(Object.keys(storage)).toEqual([]);
});

it('draws once whether it reports, and its successors keep the draw', () => {
  const { device, environment, open } = openTab();
  let drawn = 0;
  environment.Math.random = () => {
    drawn += 1;
    return 0.6;
  };
  const left = open(0.5);
  expect([left.sampled(), left.sampled()]).toEqual([false, false]);
  device.clockSkew += 16 * MINUTE;
  left.current();
  left.save(true);
  expect(open(0.5).sampled()).toBe(false);
  expect(drawn).toBe(1);
  expect(openTab().open(1).sampled()).toBe(true);
  expect(openTab().open(0).sampled()).toBe(false);
});

it.each(['', 'null', '7', '{"id":7}', '{"id":"a","began":2,"seen":1}', '{'])(
  'begins anew where storage contains %j',
  (text) => {
    const { open, storage } = openTab();
    storage.setItem('app', text);
    expect(open().current()).toEqual({ id: expect.stringMatching(/^[\da-f]{24}$/), previous: undefined });
  },
);

it('lasts as long as the page where storage is blocked', () => {
  const { environment, open } = openTab();
  Object.defineProperty(environment, 'sessionStorage', {
    get() {
      throw new DOMException('blocked', 'SecurityError');
    },
  });
  const session = open();
  const { id } = session.current();
  session.save(true);
  session.save(false);
  session.claim();
  expect(session.current().id).toBe(id);
});
