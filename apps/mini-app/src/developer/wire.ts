/** One request of this page to the gateway, as it left. */
export interface Passage {
  /** Unix time in ms. */
  readonly at: number;
  readonly via: 'fetch' | 'beacon';
  /** What was sent, as it was sent: JSON, or JSON gzipped. */
  readonly body: string | ArrayBuffer;
  /** Bytes of the body. */
  readonly bytes: number;
  /** The gateway's status; a beacon has none, the browser only takes it or does not. */
  readonly answer: number | 'under way' | 'handed over' | 'failed';
}

/** What the developer panel sees of the page's requests, and does to them. */
export interface Wire {
  subscribe(watcher: () => void): () => void;
  /** The newest request to the gateway, whatever became of it. */
  last(): Passage | undefined;
  offline(): boolean;
  /** While on, every request of the page fails as it does without a network. */
  setOffline(on: boolean): void;
  /** From now on nothing in the page hears of its end, as when the process is killed. */
  hush(): void;
}

/** Events that tell a page of its end, or of its hiding. */
const endings = ['beforeunload', 'pagehide', 'visibilitychange', 'freeze'] as const;

function sizeOf(body: string | ArrayBuffer): number {
  return typeof body === 'string' ? new TextEncoder().encode(body).length : body.byteLength;
}

/**
 * Taps the page's `fetch` and `sendBeacon`. Must run before the telemetry client starts, which takes `fetch` as it finds
 * it then; the client itself knows nothing of it. `gateway` is the path whose requests are kept for a look.
 */
export function tapWire(page: Window & typeof globalThis, gateway: string): Wire {
  const watchers = new Set<() => void>();
  const ownFetch = page.fetch;
  const { navigator } = page;
  const ownBeacon = navigator.sendBeacon;
  let last: Passage | undefined;
  let offline = false;
  let hushed = false;

  const tell = () => {
    for (const watcher of watchers) watcher();
  };

  const keep = (passage: Passage) => {
    last = passage;
    tell();
  };

  const goesToGateway = (url: string) => new URL(url, page.location.href).pathname === gateway;

  /** Keeps a request with its body; answers how to note what became of it. */
  const note = (url: string, body: unknown, via: Passage['via']) => {
    const readable = typeof body === 'string' || body instanceof ArrayBuffer;
    if (!readable || !goesToGateway(url)) return () => {};
    const passage: Passage = { at: Date.now(), via, body, bytes: sizeOf(body), answer: 'under way' };
    keep(passage);
    return (answer: Passage['answer']) => {
      if (last?.body === body) keep({ ...passage, answer });
    };
  };

  page.fetch = async (input, init) => {
    const url = typeof input === 'string' ? input : input instanceof URL ? input.href : input.url;
    const became = note(url, init?.body, 'fetch');
    try {
      if (offline) throw new TypeError('Failed to fetch');
      const response = await ownFetch.call(page, input, init);
      became(response.status);
      return response;
    } catch (error) {
      became('failed');
      throw error;
    }
  };

  navigator.sendBeacon = (url, body) => {
    const became = note(String(url), body, 'beacon');
    const taken = !offline && ownBeacon.call(navigator, url, body);
    became(taken ? 'handed over' : 'failed');
    return taken;
  };

  // On the window while the event is on its way down, and before anybody else: these are heard first.
  for (const ending of endings) {
    page.addEventListener(
      ending,
      (event) => {
        if (hushed) event.stopImmediatePropagation();
      },
      true,
    );
  }

  return {
    subscribe(watcher) {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    last: () => last,
    offline: () => offline,
    setOffline(on) {
      offline = on;
      // As a browser says it; the game asks its service again then.
      page.dispatchEvent(new Event(on ? 'offline' : 'online'));
      tell();
    },
    hush() {
      hushed = true;
    },
  };
}
