// @vitest-environment jsdom
import { afterEach, describe, expect, it } from 'vitest';
import { errors } from './errors';
import { fakeHost } from './host.fixture';

let stop: (() => void) | undefined;
afterEach(() => stop?.());

function start() {
  const { host, calls } = fakeHost(window);
  stop = errors().setup(host)?.stop;
  return calls;
}

/** What a browser dispatches about a rejected promise that nobody handles. */
const rejection = (reason: unknown) => Object.assign(new Event('unhandledrejection'), { reason });

describe('errors', () => {
  it('reports uncaught errors and rejections with the very object that was thrown', () => {
    const calls = start();
    const error = new RangeError('out');
    window.dispatchEvent(
      new ErrorEvent('error', { error, message: 'out', filename: 'a.js', lineno: 1, colno: 2 }),
    );
    window.dispatchEvent(rejection('nope'));
    expect(calls).toEqual([
      ['trackError', error, { handled: false, mechanism: 'onerror', source: 'a.js:1:2' }],
      ['trackError', 'nope', { handled: false, mechanism: 'onunhandledrejection' }],
    ]);
    expect(calls[0]?.[1]).toBe(error);
  });

  it('reports the error of another realm as the object that it is', () => {
    const calls = start();
    const frame = document.body.appendChild(document.createElement('iframe'));
    const foreign: unknown = Reflect.construct(Reflect.get(Object(frame.contentWindow), 'TypeError'), [
      'far',
    ]);
    window.dispatchEvent(new ErrorEvent('error', { error: foreign, message: 'Uncaught TypeError: far' }));
    window.dispatchEvent(rejection(foreign));
    expect(foreign).not.toBeInstanceOf(Error);
    expect(calls.map(([, error]) => error === foreign)).toEqual([true, true]);
  });

  it('leaves out what the browser says about a ResizeObserver that goes on in the next frame', () => {
    const calls = start();
    for (const message of [
      'ResizeObserver loop limit exceeded',
      'ResizeObserver loop completed with undelivered notifications.',
      'Uncaught ResizeObserver loop limit exceeded',
    ]) {
      window.dispatchEvent(new ErrorEvent('error', { message }));
    }
    expect(calls).toEqual([]);
  });

  it.each(['Script error.', 'Script error', 'Uncaught Script error.'])(
    'reports %s of another origin as CrossOriginError, without a stack of ours',
    (message) => {
      const calls = start();
      window.dispatchEvent(new ErrorEvent('error', { message }));
      expect(calls[0]?.[1]).toMatchObject({ name: 'CrossOriginError', stack: '' });
    },
  );

  it('reports what is thrown without being an error, also null', () => {
    const calls = start();
    window.dispatchEvent(new ErrorEvent('error', { error: 0, message: 'Uncaught 0' }));
    window.dispatchEvent(new ErrorEvent('error', { error: null, message: 'Uncaught null' }));
    expect(calls.map(([, error]) => error)).toEqual([
      0,
      expect.objectContaining({ name: 'Error', message: 'Uncaught null' }),
    ]);
  });

  it('leaves out images and scripts that could not be loaded', () => {
    const calls = start();
    for (const name of ['img', 'script', 'link']) {
      document.body.appendChild(document.createElement(name)).dispatchEvent(new Event('error'));
    }
    expect(calls).toEqual([]);
  });

  it('reports nothing after it has been stopped', () => {
    const calls = start();
    stop?.();
    window.dispatchEvent(rejection('late'));
    expect(calls).toEqual([]);
  });
});
