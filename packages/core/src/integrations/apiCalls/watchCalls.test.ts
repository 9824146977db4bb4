import { describe, expect, it, vi } from 'vitest';
import type { Environment } from '../../page/environment';
import { watchCalls } from './watchCalls';

/** What the test of rejections needs of Node, whose types this package does without. */
interface Rejections {
  listeners(event: 'unhandledRejection'): readonly ((reason: unknown) => void)[];
  removeAllListeners(event: 'unhandledRejection'): void;
  on(event: 'unhandledRejection', run: (reason: unknown) => void): void;
}
const { process } = globalThis as unknown as { readonly process: Rejections };

/** XMLHttpRequest as https://xhr.spec.whatwg.org has it, with the network in the test's hands. */
function createXhr() {
  return class FakeXhr extends EventTarget {
    readyState = 0;
    status = 0;
    onload: (() => void) | undefined;
    onreadystatechange: (() => void) | undefined;
    #sent = false;
    #sync = false;
    #life = 0;

    open(method: string, _url: string, async = true) {
      if (!/^[A-Z]+$/.test(method)) throw new DOMException('method', 'SyntaxError');
      this.#life += 1;
      this.#sent = false;
      this.#sync = !async;
      this.status = 0;
      this.readyState = 1;
    }

    send(_body?: unknown) {
      if (this.readyState !== 1 || this.#sent) throw new DOMException('state', 'InvalidStateError');
      this.#sent = true;
      if (!this.#sync) return;
      this.readyState = 4;
      throw new DOMException('refused', 'NetworkError');
    }

    abort() {
      if (this.#sent) this.end('abort');
      if (this.readyState === 4) this.readyState = 0;
    }

    end(type: 'load' | 'abort' | 'timeout' | 'error', status = 0) {
      const life = this.#life;
      this.#sent = false;
      this.readyState = 4;
      this.status = status;
      this.onreadystatechange?.();
      if (type === 'load') this.onload?.();
      this.dispatchEvent(new Event(type));
      if (life === this.#life) this.dispatchEvent(new Event('loadend'));
    }
  };
}

function openPage() {
  const nativeFetch = vi.fn(
    async (_input?: unknown, _init?: unknown): Promise<unknown> => new Response(null, { status: 204 }),
  );
  const Xhr = createXhr();
  const { open: nativeOpen, send: nativeSend } = Xhr.prototype;
  const environment = Object.assign(new EventTarget(), {
    document: { baseURI: 'https://app.test/game/7' },
    performance,
    fetch: nativeFetch,
    XMLHttpRequest: Xhr,
  }) as unknown as Environment;
  const seen: (readonly [href: string, method: string, status: unknown])[] = [];
  const watch = () =>
    watchCalls({
      environment,
      isOwn: (href) => href.includes('/own'),
      onCall: ({ href, method, status }) => seen.push([href, method, status]),
    });
  /** Opens and sends a request. */
  const request = (path: string, xhr = new Xhr()) => {
    xhr.open('GET', path);
    xhr.send();
    return xhr;
  };
  return { environment, nativeFetch, nativeOpen, nativeSend, Xhr, seen, watch, request };
}

/** A fetch on XMLHttpRequest, as whatwg-fetch has it. */
const polyfill = (environment: Environment) => (input: string) =>
  new Promise<Response>((resolve, reject) => {
    const xhr = new environment.XMLHttpRequest();
    xhr.addEventListener('load', () => resolve(new Response(null, { status: xhr.status })));
    xhr.addEventListener('error', () => reject(new TypeError('Network request failed')));
    xhr.open('GET', input);
    xhr.send();
  });

const hostile = new Proxy(
  {},
  {
    get() {
      throw new Error('read');
    },
  },
);

describe('a fetch', () => {
  it('is called with the same this and arguments', () => {
    const { environment, nativeFetch, watch } = openPage();
    watch();
    const calls: [self: unknown, args: unknown[]][] = [];
    nativeFetch.mockImplementation(async function (this: unknown, ...args: unknown[]) {
      calls.push([this, args]);
      return new Response();
    });
    const { fetch } = environment;
    const self = {};
    fetch('/a');
    fetch.call(self as never, '/b', undefined);
    Reflect.apply(fetch, environment, []);
    expect(calls).toEqual([
      [undefined, ['/a']],
      [self, ['/b', undefined]],
      [environment, []],
    ]);
  });

  it.each([
    ['nothing', []],
    ['null', [null]],
    ['a symbol', [Symbol('s')]],
    [
      'an object whose text throws',
      [
        {
          toString() {
            throw new Error('text');
          },
        },
      ],
    ],
    ['null as options', ['/x', null]],
    ['an invalid address', ['http://']],
    ['options that throw when they are read', ['/x', hostile]],
  ])('of %s ends as it does without the patch', async (_, args) => {
    const { environment, nativeFetch, watch } = openPage();
    const error = new TypeError('of the browser');
    nativeFetch.mockRejectedValue(error);
    watch();
    await expect(Reflect.apply(environment.fetch, environment, args)).rejects.toBe(error);
    expect(nativeFetch).toHaveBeenCalledOnce();
    expect(nativeFetch.mock.calls[0]?.every((argument, i) => argument === args[i])).toBe(true);
  });

  it('of null is reported as the request for "null" that it is, and one without arguments as none', async () => {
    const { environment, seen, watch } = openPage();
    watch();
    await Reflect.apply(environment.fetch, environment, [null]);
    await Reflect.apply(environment.fetch, environment, []);
    expect(seen).toEqual([['https://app.test/game/null', 'GET', 204]]);
  });

  it('has the method of its options, or else of its request', async () => {
    const { environment, seen, watch } = openPage();
    watch();
    const request = new Request('https://api.test/x', { method: 'PUT' });
    await environment.fetch(request);
    await environment.fetch(request, { method: 'DELETE' });
    await environment.fetch(new URL('https://api.test/x'));
    expect(seen.map(([, method]) => method)).toEqual(['PUT', 'DELETE', 'GET']);
  });

  it('keeps the status 0 of an opaque response', async () => {
    const { environment, nativeFetch, seen, watch } = openPage();
    nativeFetch.mockResolvedValue(Response.error());
    watch();
    await environment.fetch('https://other.test/', { mode: 'no-cors' });
    expect(seen[0]?.[2]).toBe(0);
  });

  it.each<readonly [status: string, error: unknown, signal: AbortSignal | null]>([
    ['aborted', new DOMException('', 'AbortError'), null],
    ['timeout', new DOMException('', 'TimeoutError'), null],
    ['network', new TypeError('Failed to fetch'), null],
    ['network', null, null],
    ['aborted', 'a reason of the app', AbortSignal.abort('a reason of the app')],
  ])('that fails is reported as %s', async (status, error, signal) => {
    const { environment, nativeFetch, seen, watch } = openPage();
    nativeFetch.mockImplementation(() => Promise.reject(error));
    watch();
    await expect(environment.fetch('/x', { signal })).rejects.toBe(error);
    await environment.fetch(new Request('https://app.test/x', { signal })).catch(() => {});
    expect(seen.map((call) => call[2])).toEqual([status, status]);
  });

  it('is one unhandled rejection if nobody handles it, and none if the app does', async () => {
    const { environment, nativeFetch, watch } = openPage();
    const error = new TypeError('Failed to fetch');
    nativeFetch.mockRejectedValue(error);
    watch();
    const unhandled: unknown[] = [];
    const others = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', (reason) => unhandled.push(reason));
    await environment.fetch('/handled').catch(() => {});
    void environment.fetch('/unhandled');
    await new Promise((resolve) => setTimeout(resolve, 0));
    await new Promise((resolve) => setTimeout(resolve, 0));
    process.removeAllListeners('unhandledRejection');
    for (const listener of others) process.on('unhandledRejection', listener);
    expect(unhandled).toEqual([error]);
  });

  it('returns what a fake returns that is no promise', () => {
    const { environment, nativeFetch, watch } = openPage();
    nativeFetch.mockReturnValue(undefined as never);
    watch();
    expect(environment.fetch('/x')).toBe(undefined);
  });

  it('looks like the one it stands for', () => {
    const { environment, watch } = openPage();
    environment.fetch = Object.assign(function fetch(_input: unknown) {}, { polyfill: true }) as never;
    watch();
    expect([environment.fetch.name, environment.fetch.length]).toEqual(['fetch', 1]);
    expect(String(environment.fetch)).toContain('function');
    expect(environment.fetch).toHaveProperty('polyfill', true);
  });

  it('on XMLHttpRequest is reported once, and not at all under an own address', async () => {
    const { environment, seen, watch, Xhr } = openPage();
    environment.fetch = polyfill(environment) as never;
    const sent: InstanceType<typeof Xhr>[] = [];
    const { send } = Xhr.prototype;
    Xhr.prototype.send = function () {
      sent.push(this);
      return send.call(this);
    };
    watch();
    const calls = [environment.fetch('/x'), environment.fetch('/own')];
    for (const xhr of sent) xhr.end('load', 200);
    await Promise.all(calls);
    expect(seen).toEqual([['https://app.test/x', 'GET', 200]]);
  });

  it('from the handler of an XMLHttpRequest is reported as well', async () => {
    const { environment, seen, watch, request } = openPage();
    watch();
    const xhr = request('/x');
    let follow: Promise<unknown> = Promise.resolve();
    xhr.onload = () => {
      follow = environment.fetch('/y');
    };
    xhr.end('load', 200);
    await follow;
    expect(seen.map(([href]) => href)).toEqual(['https://app.test/x', 'https://app.test/y']);
  });
});

describe('an XMLHttpRequest', () => {
  it.each([
    ['load', 503, 503],
    ['abort', 0, 'aborted'],
    ['timeout', 0, 'timeout'],
    ['error', 0, 'network'],
  ] as const)('that ends with %s is reported once with its status', (type, status, reported) => {
    const { seen, watch, request } = openPage();
    watch();
    request('/x').end(type, status);
    expect(seen).toEqual([['https://app.test/x', 'GET', reported]]);
  });

  it('that is aborted by the app is reported as aborted', () => {
    const { seen, watch, request } = openPage();
    watch();
    request('/x').abort();
    expect(seen).toEqual([['https://app.test/x', 'GET', 'aborted']]);
  });

  it('that is reopened in flight was aborted, and the call that follows has its own status', () => {
    const { seen, watch, request } = openPage();
    watch();
    const xhr = request('/first');
    request('/second', xhr).end('load', 200);
    expect(seen).toEqual([
      ['https://app.test/first', 'GET', 'aborted'],
      ['https://app.test/second', 'GET', 200],
    ]);
  });

  it('that is used again reports each call with its own status', () => {
    const { seen, watch, request } = openPage();
    watch();
    const xhr = request('/1');
    xhr.end('load', 200);
    request('/2', xhr).end('error');
    request('/3', xhr).end('load', 404);
    expect(seen.map((call) => call[2])).toEqual([200, 'network', 404]);
  });

  it.each(['onload', 'onreadystatechange'] as const)(
    'that is used again in its own %s does too',
    (handler) => {
      const { seen, watch, request, Xhr } = openPage();
      watch();
      const xhr = new Xhr();
      xhr[handler] = () => {
        xhr[handler] = undefined;
        request('/second', xhr);
      };
      request('/first', xhr).end('load', 200);
      xhr.end('load', 404);
      expect(seen.map((call) => call[2])).toEqual([200, 404]);
    },
  );

  it('that fails synchronously is reported at once, and its next call on its own', () => {
    const { seen, watch, request, Xhr } = openPage();
    watch();
    const xhr = new Xhr();
    xhr.open('GET', '/sync', false);
    expect(() => xhr.send()).toThrow('refused');
    expect(seen).toEqual([['https://app.test/sync', 'GET', 'network']]);
    request('/next', xhr).end('load', 200);
    expect(seen).toHaveLength(2);
    expect(seen[1]).toEqual(['https://app.test/next', 'GET', 200]);
  });

  it('that is opened or sent wrongly throws as the browser does, and its call in flight goes on', () => {
    const { seen, watch, request, Xhr } = openPage();
    watch();
    expect(() => new Xhr().send()).toThrow(expect.objectContaining({ name: 'InvalidStateError' }));
    const xhr = request('/x');
    expect(() => xhr.send()).toThrow(expect.objectContaining({ name: 'InvalidStateError' }));
    expect(() => xhr.open('no method', '/y')).toThrow(expect.objectContaining({ name: 'SyntaxError' }));
    expect(() => Xhr.prototype.open.call(undefined as never, 'GET', '/')).toThrow(TypeError);
    expect(seen).toEqual([]);
    xhr.end('load', 200);
    expect(seen).toEqual([['https://app.test/x', 'GET', 200]]);
  });

  it('passes on as many arguments as it was given: an absent third one is not undefined', () => {
    const { watch, Xhr } = openPage();
    const open = vi.fn();
    Xhr.prototype.open = open;
    watch();
    new Xhr().open('GET', '/x');
    expect(open).toHaveBeenCalledExactlyOnceWith('GET', '/x');
  });

  it('under an own address is not reported', () => {
    const { seen, watch, request } = openPage();
    watch();
    request('/own').end('load', 200);
    expect(seen).toEqual([]);
  });
});

describe('stopping', () => {
  it('restores the originals', () => {
    const { environment, nativeFetch, nativeOpen, nativeSend, watch, Xhr } = openPage();
    const stop = watch();
    expect(environment.fetch).not.toBe(nativeFetch);
    stop();
    expect(environment.fetch).toBe(nativeFetch);
    expect(Xhr.prototype).toMatchObject({ open: nativeOpen, send: nativeSend });
  });

  it('leaves the wrapper of another library in place and reports nothing through it', async () => {
    const { environment, nativeFetch, seen, watch } = openPage();
    const stop = watch();
    const ours = environment.fetch;
    const wrapper: typeof fetch = (...args) => ours(...args);
    environment.fetch = wrapper;
    stop();
    expect(environment.fetch).toBe(wrapper);
    await environment.fetch('/x');
    expect(nativeFetch).toHaveBeenCalledOnce();
    expect(seen).toEqual([]);
  });
});

describe('a page', () => {
  it('without fetch and XMLHttpRequest, or with a fetch that cannot be replaced, is left as it is', () => {
    const { environment, nativeFetch, watch } = openPage();
    Object.defineProperty(environment, 'fetch', { value: nativeFetch, writable: false, configurable: false });
    Object.assign(environment, { XMLHttpRequest: undefined });
    watch()();
    expect(environment.fetch).toBe(nativeFetch);
    const empty = {} as Environment;
    watchCalls({ environment: empty, isOwn: () => false, onCall() {} })();
    expect(empty).toEqual({});
  });
});
