import type { LiveState, Update } from '../wire';

/** How the page stands with the gateway. */
export type Connection =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'lost'; readonly reason: string }
  | { readonly kind: 'resting' }
  | { readonly kind: 'locked' };

export interface StreamOptions {
  /** The tenant that the reader has chosen, of those that `onState` has named. */
  readonly tenant: () => string | undefined;
  readonly onState: (state: LiveState) => void;
  readonly onUpdate: (update: Update) => void;
  readonly onConnection: (connection: Connection) => void;
}

export interface Stream {
  /** Begins anew, at once: at first, after signing in, with another tenant. */
  restart(): void;
}

/** The gateway sends two messages a second. A connection that is silent for so long is dead. */
const SILENCE_MS = 6_000;
/** A page that nobody looks at lets go of its seat after so long. */
const REST_MS = 60_000;
const RETRY_MS = [500, 1_000, 2_000, 4_000, 8_000];

/** Splits a stream of text into its messages: https://html.spec.whatwg.org/multipage/server-sent-events.html */
export function createMessageReader(
  onMessage: (event: string, data: string) => void,
): (text: string) => void {
  let rest = '';
  return (text) => {
    const blocks = (rest + text).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      let event = 'message';
      let data = '';
      for (const line of block.split('\n')) {
        if (line.startsWith('event: ')) event = line.slice(7);
        else if (line.startsWith('data: ')) data += line.slice(6);
      }
      onMessage(event, data);
    }
  };
}

async function detailOf(response: Response): Promise<string> {
  try {
    const problem: unknown = await response.json();
    if (typeof problem === 'object' && problem !== null && 'detail' in problem) return String(problem.detail);
  } catch {
    // No problem document: a proxy's own page. The status has to do.
  }
  return `The gateway answered ${response.status}.`;
}

/**
 * Follows the gateway's stream, through what breaks it. It is read by fetch and not by EventSource, which does not
 * tell a missing token from a full house or a gateway that is down.
 */
export function createStream({ tenant, onState, onUpdate, onConnection }: StreamOptions): Stream {
  let current = new AbortController();
  let failures = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let rest: ReturnType<typeof setTimeout> | undefined;
  let resting = false;

  const read = async (body: ReadableStream<Uint8Array>, abort: AbortController): Promise<void> => {
    let watchdog: ReturnType<typeof setTimeout> | undefined;
    const heard = (): void => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => abort.abort(), SILENCE_MS);
    };
    const feed = createMessageReader((event, data) => {
      // Denied: asked anew, the gateway says why.
      if (event === 'denied') failures = 0;
      if (event !== 'update') return;
      failures = 0;
      onConnection({ kind: 'live' });
      onUpdate(JSON.parse(data));
    });
    const decoder = new TextDecoder();
    const reader = body.getReader();
    try {
      heard();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        heard();
        feed(decoder.decode(value, { stream: true }));
      }
    } finally {
      clearTimeout(watchdog);
    }
  };

  /** Follows one connection to its end; answers why it ended, or `locked` where a token is needed. */
  const follow = async (abort: AbortController): Promise<string | 'locked'> => {
    const { signal } = abort;
    const timeout = setTimeout(() => abort.abort(), SILENCE_MS);
    let response: Response;
    try {
      const state = await fetch('live/state', { signal });
      if (state.status === 401) return 'locked';
      if (!state.ok) return detailOf(state);
      onState(await state.json());
      const chosen = tenant();
      const query = chosen === undefined ? '' : `?tenant=${encodeURIComponent(chosen)}`;
      response = await fetch(`live/events${query}`, { signal });
    } finally {
      clearTimeout(timeout);
    }
    if (response.status === 401) return 'locked';
    if (!response.ok || response.body === null) return detailOf(response);
    await read(response.body, abort);
    return 'The gateway ended the connection.';
  };

  const connect = async (): Promise<void> => {
    clearTimeout(retry);
    current.abort();
    const abort = new AbortController();
    current = abort;
    let reason: string;
    try {
      reason = await follow(abort);
    } catch {
      reason = 'The gateway does not answer.';
    }
    // Somebody else connects by now, or nobody is looking.
    if (current !== abort || resting) return;
    if (reason === 'locked') {
      onConnection({ kind: 'locked' });
      return;
    }
    onConnection({ kind: 'lost', reason });
    const wait = RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? 1_000;
    failures++;
    retry = setTimeout(() => void connect(), wait * (0.75 + Math.random() / 2));
  };

  const restart = (): void => {
    failures = 0;
    onConnection({ kind: 'connecting' });
    void connect();
  };

  document.addEventListener('visibilitychange', () => {
    clearTimeout(rest);
    if (document.visibilityState === 'hidden') {
      rest = setTimeout(() => {
        resting = true;
        clearTimeout(retry);
        current.abort();
        onConnection({ kind: 'resting' });
      }, REST_MS);
    } else if (resting) {
      resting = false;
      restart();
    }
  });
  window.addEventListener('online', () => {
    if (!resting && failures > 0) restart();
  });
  return { restart };
}
