import type { Environment } from '../page/environment';
import type { FakeGateway } from './fakeGateway';

/** One page on a fake device: its environment, its clock, and its death. */
export interface FakePage {
  readonly environment: Environment;
  readonly window: EventTarget & { location: { pathname: string } };
  readonly document: EventTarget & { hidden: boolean };
  readonly warnings: string[];
  /** Lets `ms` pass: runs due timers, and lets storage and network finish in between. */
  advance(ms: number): Promise<void>;
  /** Hides the page as a browser does. */
  hide(): void;
  /** Ends the page without a word: no event, no timer, no answer reaches it any more. */
  kill(): void;
}

/** What a page's browser lacks. */
export interface PageOptions {
  /** Default: that of the device. `undefined` for a browser without IndexedDB. */
  readonly indexedDB?: IDBFactory | undefined;
  /** Web Locks: there (`true`), missing, or never answering. */
  readonly locks?: boolean | 'hang';
  readonly beacon?: boolean;
}

/** A device, whose storage and clock outlive its pages. */
export interface FakeDevice {
  readonly localStorage: Storage;
  /** Ms by which the device's clock is ahead of the true time. */
  clockSkew: number;
  /** IndexedDB works, fails at once or never answers; unless it works, every open connection is lost. */
  database: 'works' | 'fails' | 'hangs';
  /** Whether localStorage works, takes nothing more, or throws at each access. */
  quota: 'works' | 'full' | 'blocked';
  openPage(options?: PageOptions): FakePage;
}

interface DeviceOptions {
  readonly gateway: FakeGateway;
  /** Where entries are kept, such as `new IDBFactory()` of the package fake-indexeddb. */
  readonly indexedDB: IDBFactory;
  /** Of the random numbers. */
  readonly seed?: number;
}

function createStorage(isFull = () => false): Storage {
  // What real storage does: its keys are its own enumerable properties.
  const items: Record<string, string> = {};
  const methods = {
    getItem: (key: string) => items[key] ?? null,
    setItem: (key: string, value: string) => {
      if (isFull()) throw new DOMException('The quota has been exceeded', 'QuotaExceededError');
      items[key] = value;
    },
    removeItem: (key: string) => {
      delete items[key];
    },
  };
  return new Proxy(methods as unknown as Storage, {
    ownKeys: () => Object.keys(items),
    getOwnPropertyDescriptor: (_, key) =>
      key in items ? { enumerable: true, configurable: true, value: items[String(key)] } : undefined,
  });
}

/** Lets promises and the transactions of fake-indexeddb run until nothing is left to do. */
async function settle(): Promise<void> {
  for (let i = 0; i < 12; i++) {
    await new Promise((resolve) => {
      // A task of its own, sooner than a timer's.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve(undefined);
      };
      port2.postMessage(0);
    });
  }
}

/** Creates a device. Its time passes only by a page's `advance`; loading a chunk takes real time. */
export function createFakeDevice({ gateway, indexedDB, seed = 1 }: DeviceOptions): FakeDevice {
  const localStorage = createStorage(() => device.quota === 'full');
  const connections = new Set<IDBDatabase>();
  const held = new Map<string, FakePage>();
  let time = 1_800_000_000_000;
  let state = seed;
  const random = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };

  let database: FakeDevice['database'] = 'works';
  const device: FakeDevice = {
    localStorage,
    clockSkew: 0,
    quota: 'works',
    get database() {
      return database;
    },
    set database(state) {
      database = state;
      if (state === 'works') return;
      for (const connection of connections) connection.close();
      connections.clear();
    },
    openPage,
  };

  function openPage(options: PageOptions = {}): FakePage {
    const timers = new Map<number, { readonly due: number; readonly run: () => void }>();
    const warnings: string[] = [];
    const window = Object.assign(new EventTarget(), { location: { pathname: '/lobby' } });
    const document = Object.assign(new EventTarget(), {
      hidden: false,
      baseURI: 'https://app.test/lobby',
    });
    const born = time;
    let alive = true;
    let nextTimer = 1;

    const locks = {
      request: async (name: string, _options: unknown, run: (lock: unknown) => unknown) => {
        await Promise.resolve();
        if (options.locks === 'hang') await new Promise(() => undefined);
        if (!alive) return;
        const free = !held.has(name);
        if (free) held.set(name, page);
        await run(free ? { name } : null);
        if (free && held.get(name) === page) held.delete(name);
      },
    };

    const ownDatabase = 'indexedDB' in options ? options.indexedDB : indexedDB;
    const factory = ownDatabase && {
      open(name: string) {
        if (device.database === 'fails') throw new DOMException('Connection to Indexed Database server lost');
        if (device.database === 'hangs') return {};
        const request = ownDatabase.open(name);
        request.addEventListener('success', () => {
          if (database === 'works') connections.add(request.result);
          else request.result.close();
        });
        return request;
      },
      deleteDatabase: (name: string) => ownDatabase.deleteDatabase(name),
    };

    /** What a dead page awaits never settles. */
    const whileAlive = <T>(value: Promise<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        value.then(
          (result) => alive && resolve(result),
          (error) => alive && reject(error),
        );
      });

    const setTimer = (run: () => void, ms: number) => {
      const id = nextTimer++;
      timers.set(id, { due: time + ms, run });
      return id;
    };
    const environment = Object.assign(window, {
      document,
      parent: window,
      Date: { now: () => time + device.clockSkew },
      performance: { now: () => time - born },
      Math: { random },
      crypto: { getRandomValues: (bytes: Uint8Array) => bytes.map(() => Math.floor(random() * 256)) },
      setTimeout: setTimer,
      clearTimeout: (id: number) => timers.delete(id),
      fetch: (url: string, { body, signal }: { body: string; signal: AbortSignal }) => {
        if (url.endsWith('/api/session')) return whileAlive(gateway.signIn(body, time));
        const aborted = new Promise<never>((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
        });
        return whileAlive(Promise.race([gateway.post(body, time), aborted]));
      },
      navigator: {
        ...(options.beacon !== false && {
          sendBeacon(_url: string, body: string) {
            void gateway.post(body, time).catch(() => undefined);
            return true;
          },
        }),
        ...(options.locks !== false && { locks }),
      },
      indexedDB: factory,
      sessionStorage: createStorage(),
      console: { warn: (message: string) => warnings.push(message) },
    }) as unknown as Environment;
    Object.defineProperty(environment, 'localStorage', {
      get() {
        if (device.quota === 'blocked') throw new DOMException('Access is denied', 'SecurityError');
        return localStorage;
      },
    });

    const page: FakePage = {
      environment,
      window,
      document,
      warnings,
      async advance(ms) {
        const end = time + ms;
        await settle();
        while (alive) {
          const due = [...timers]
            .filter(([, timer]) => timer.due <= end)
            .sort((a, b) => a[1].due - b[1].due)[0];
          if (!due) break;
          timers.delete(due[0]);
          time = Math.max(time, due[1].due);
          due[1].run();
          await settle();
        }
        time = end;
        await settle();
      },
      hide() {
        document.hidden = true;
        document.dispatchEvent(new Event('visibilitychange'));
        window.dispatchEvent(new Event('pagehide'));
      },
      kill() {
        alive = false;
        timers.clear();
        for (const [name, owner] of held) if (owner === page) held.delete(name);
      },
    };
    return page;
  }

  return device;
}
