import { IDBFactory } from 'fake-indexeddb';
import { describe, expect, it, vi } from 'vitest';
import { createBooks, type DropReason } from '../send/books';
import { createFakeDevice } from '../testing/fakeDevice';
import { createFakeGateway } from '../testing/fakeGateway';
import { createRecorder } from './recorder';
import { openWindow } from './window.fixture';

function setUp() {
  const { environment } = createFakeDevice({
    gateway: createFakeGateway(),
    indexedDB: new IDBFactory(),
  }).openPage();
  const { content, ...open } = openWindow();
  // Nothing here is private.
  open.scrub.full = (text) => text;
  const books = createBooks();
  const report = vi.fn();
  const decision: { refusal?: DropReason } = {};
  const recorder = createRecorder({
    ...open,
    environment,
    books,
    report,
    refusal: () => decision.refusal,
    isSampled: () => true,
    ignoreError: (error) => error === 'control flow',
  });
  return {
    recorder,
    books,
    report,
    decision,
    recorded: open.recorded,
    points: () =>
      content().metrics.map(({ name, labels, value, values }) => ({ name, labels, value: value ?? values })),
    lines: () => content().logs ?? [],
    content,
  };
}

/** An error of another realm, such as an iframe's: no instance of this one's `Error`. */
function foreignError(message: string): Error {
  const prototype = { name: 'TypeError', constructor: null };
  return Object.setPrototypeOf(new Error(message), prototype);
}

describe('recording', () => {
  it('counts the seed’s metrics, with their labels', () => {
    const { recorder, points } = setUp();
    recorder.trackUserAction('tap');
    recorder.trackPageLoad('/game', 120);
    recorder.trackApiCall('https://api.test/sessions/42?x=1', 'post', 12, 201);
    recorder.trackApiCall('/sessions/42', 'get', 7, 'timeout');
    recorder.trackGameEvent('ball_potted', 'kolkhoz', 's1');
    recorder.trackError(new TypeError('x'));
    recorder.count('shots_total', { cue: 'ash' }, 3);
    recorder.observe('aim_ms', 5);
    expect(points()).toEqual([
      { name: 'user_action_total', labels: { action: 'tap', page: '/lobby' }, value: 1 },
      { name: 'page_load_duration_ms', labels: { page: '/game' }, value: [120] },
      {
        name: 'api_request_duration_ms',
        labels: { endpoint: '/sessions/:id', method: 'POST', status_code: '201' },
        value: [12],
      },
      {
        name: 'api_request_duration_ms',
        labels: { endpoint: '/sessions/:id', method: 'GET', status_code: 'timeout' },
        value: [7],
      },
      { name: 'game_event_total', labels: { event_type: 'ball_potted', game_type: 'kolkhoz' }, value: 1 },
      { name: 'frontend_error_total', labels: { error_type: 'TypeError', page: '/lobby' }, value: 1 },
      { name: 'shots_total', labels: { cue: 'ash' }, value: 3 },
      { name: 'aim_ms', labels: {}, value: [5] },
    ]);
  });

  it('writes a line where there is more to tell than the labels do', () => {
    const { recorder, lines } = setUp();
    recorder.trackUserAction('tap');
    recorder.trackUserAction('tap', {});
    recorder.trackUserAction('tap', { ball_id: 7 });
    recorder.trackGameEvent('ball_potted', 'kolkhoz', 's1');
    recorder.log.warn('slow', { ms: 90 });
    const facts = { page: '/lobby', platform: 'ios' };
    expect(lines()).toEqual([
      {
        level: 'info',
        category: 'user_action',
        message: 'User action: tap',
        timestamp: 1_000,
        fields: { ...facts, action: 'tap', ball_id: 7 },
      },
      {
        level: 'info',
        category: 'game_event',
        message: 'Game event: ball_potted',
        timestamp: 1_000,
        fields: { ...facts, event_type: 'ball_potted', game_type: 'kolkhoz', session_id: 's1' },
      },
      { level: 'warn', message: 'slow', timestamp: 1_000, fields: { ...facts, ms: 90 } },
    ]);
  });

  it('is one event a call, urgent where it cannot wait', () => {
    const { recorder, books, recorded } = setUp();
    recorder.trackUserAction('tap', { ball_id: 7 });
    recorder.trackError(new Error('x'));
    recorder.log.info('x');
    recorder.log.error('x');
    recorder.startSpan('shot').end();
    expect(books.emitted).toBe(5);
    expect(recorded.mock.calls).toEqual([[false], [true], [false], [true], [false]]);
  });

  it('drops an event that is wrong, alone, and says why', () => {
    const { recorder, books, report, recorded, points } = setUp();
    recorder.trackUserAction(Symbol('s') as unknown as string);
    recorder.count('coins_total', {}, Number.NaN);
    recorder.log.info(Object.create(null));
    expect(books).toMatchObject({ emitted: 3, dropped: { invalid: 3 } });
    expect(report).toHaveBeenCalledWith('invalid', 'coins_total: NaN is not a number from 0 to 1000000000');
    expect(recorded).not.toHaveBeenCalled();
    expect(points()).toEqual([]);
  });

  it('books what is refused, by its reason, and records nothing of it', () => {
    const { recorder, books, decision, points } = setUp();
    for (const refusal of ['consent', 'sampled', 'shutdown'] as const) {
      decision.refusal = refusal;
      recorder.trackUserAction('tap');
    }
    expect(books).toMatchObject({ emitted: 3, dropped: { consent: 1, sampled: 1, shutdown: 1 } });
    expect(points()).toEqual([]);
  });

  it('keeps a line within the room that a beacon has', () => {
    const { recorder, lines } = setUp();
    const fields = Array.from({ length: 100 }, (_, at) => [`f${at}`, 'x'.repeat(8_000)]);
    recorder.log.info('x'.repeat(20_000), Object.fromEntries(fields));
    expect(JSON.stringify(lines()).length).toBeLessThan(20_000);
  });
});

describe('an error', () => {
  it('is told with its stack, its causes and its context', () => {
    const { recorder, lines } = setUp();
    const cause = new RangeError('inner', { cause: 'the network' });
    recorder.trackError(new Error('outer', { cause }), { round: 3 });
    recorder.trackError(new AggregateError([new Error('one'), new TypeError('two')], 'all failed'));
    expect(lines().map(({ message }) => message)).toEqual([
      'Error: outer (caused by RangeError: inner (caused by the network))',
      'AggregateError: all failed (caused by Error: one; TypeError: two)',
    ]);
    expect(lines()[0]).toMatchObject({
      level: 'error',
      category: 'error',
      fields: { error_type: 'Error', round: 3, stack: expect.stringContaining('Error: outer') },
    });
  });

  it('of another realm has its name, message and stack', () => {
    const { recorder, lines, points } = setUp();
    const error = foreignError('from a frame');
    expect(error).not.toBeInstanceOf(Error);
    recorder.trackError(error);
    expect(points()[0]?.labels).toMatchObject({ error_type: 'TypeError' });
    expect(lines()[0]).toMatchObject({
      message: 'TypeError: from a frame',
      fields: { stack: expect.stringContaining('from a frame') },
    });
  });

  it('with a chain of causes without an end is told in bounds', () => {
    const { recorder, lines } = setUp();
    const error: Error = new Error('circle');
    error.cause = error;
    recorder.trackError(error);
    let deep = new Error('deepest');
    for (let i = 0; i < 1_000; i++) deep = new Error(`level ${i}`, { cause: deep });
    recorder.trackError(deep);
    expect(lines()[0]?.message).toBe('Error: circle');
    expect(lines()[1]?.message).toMatch(/^Error: level 999 \(caused by Error: level 998/);
    expect(lines()[1]?.message.length).toBeLessThanOrEqual(8_192);
  });

  it('is counted once an object, and each time it is thrown as a text', () => {
    const { recorder, points } = setUp();
    const error = new Error('x');
    for (let i = 0; i < 3; i++) {
      recorder.trackError(error);
      recorder.trackError('x');
    }
    expect(points()).toMatchObject([
      { labels: { error_type: 'Error' }, value: 1 },
      { labels: { error_type: 'NonError' }, value: 3 },
    ]);
  });

  it('that keeps coming is counted on, with five lines', () => {
    const { recorder, points, lines } = setUp();
    for (let i = 0; i < 9; i++) recorder.trackError(new Error('x'));
    expect(points()[0]?.value).toBe(9);
    expect(lines()).toHaveLength(5);
  });
});

describe('an error of an extension', () => {
  const at = (...places: readonly string[]) =>
    Object.assign(new Error('x'), {
      stack: ['Error: x', ...places.map((place) => `    at f (${place}:1:2)`)].join('\n'),
    });

  it.each([
    'chrome-extension://abc/inject.js',
    'moz-extension://abc/inject.js',
    'safari-extension://abc/inject.js',
    'safari-web-extension://abc/inject.js',
    'webkit-masked-url://hidden/',
  ])('is noise: %s', (place) => {
    const { recorder, books, points, lines } = setUp();
    recorder.trackError(at(place, place));
    expect(books).toMatchObject({ emitted: 1, dropped: { noise: 1 } });
    expect([points(), lines()]).toEqual([[], []]);
  });

  it('is noise as well when all that is known of it is the place', () => {
    const { recorder, books } = setUp();
    const source = 'chrome-extension://abc/inject.js:1:2';
    recorder.trackError(Object.assign(new Error('x'), { stack: '' }), { source });
    recorder.trackError('thrown text', { source });
    expect(books.dropped).toEqual({ noise: 2 });
  });

  it('is the app’s if a frame is, or none is known', () => {
    const { recorder, books, points } = setUp();
    recorder.trackError(at('https://app.test/a.js', 'chrome-extension://abc/fetch.js'));
    recorder.trackError(at('chrome-extension://abc/fetch.js', 'https://app.test/a.js'));
    recorder.trackError(at('<anonymous>'));
    recorder.trackError('x', { source: 'https://app.test/a.js:1:2' });
    recorder.trackError(at('https://app.test/a.js'), { source: 'chrome-extension://abc/inject.js' });
    expect(books.dropped).toEqual({});
    expect(points().reduce((sum, { value }) => sum + Number(value), 0)).toBe(5);
  });

  it('needs no metadata that can be read', () => {
    const { recorder, points } = setUp();
    const hostile = {
      get source(): string {
        throw new Error('no');
      },
    };
    recorder.trackError('x', hostile);
    expect(points()).toHaveLength(1);
  });
});

it('ignores what the app says is no error', () => {
  const { recorder, books } = setUp();
  recorder.trackError('control flow');
  expect(books.emitted).toBe(0);
});
